/** The size stands before the extension or, as on Taobao, between it and a second one. */
const SIZED = /\.(?:\d+x\d+|search|summ)\.\w+$|\.(?:jpe?g|png|webp)_[^/]*$/i
const EXTENSION = /(?=\.(?:jpe?g|png|webp)$)/i

/**
 * The URL of 1688's small copy of a photo: under `alicdn.com`, `….jpg` becomes `….220x220.jpg`.
 * A URL on another host, with a size in it already, or of a file type that 1688 does not resize is returned unchanged.
 */
export function smallPictureUrl(url: URL): URL {
  const { hostname, pathname } = url
  if (!hostname.endsWith('.alicdn.com') || SIZED.test(pathname) || !EXTENSION.test(pathname)) return url
  const small = new URL(url)
  small.pathname = pathname.replace(EXTENSION, '.220x220')
  return small
}
