/** Whether a locale (BCP 47) is a Chinese one; any other page is in English. */
export function isChinese(locale: string): boolean {
  return /^zh\b/i.test(locale)
}
