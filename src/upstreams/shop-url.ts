/** Links to shops, as upstreams and sellers write them. */

/** An http(s) link to a page on 1688.com; anything else is `null`. */
export function asShopUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500) return null
  const text = value.trim().startsWith('//') ? `https:${value.trim()}` : value.trim()
  if (!URL.canParse(text)) return null
  const { protocol, hostname, href, username } = new URL(text)
  const isWeb = protocol === 'https:' || protocol === 'http:'
  return isWeb && username === '' && /(?:^|\.)1688\.com$/.test(hostname) ? href : null
}
