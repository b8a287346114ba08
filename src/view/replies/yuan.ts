/** `1200-12800.50` as ¥1,200–12,800.50. */
export function yuan(text: string): string {
  return `¥${text.replace('-', '–').replace(/(?<!\.\d*)\d(?=(\d{3})+(?!\d))/g, '$&,')}`
}
