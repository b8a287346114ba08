/** The sizes that 1688's picture host writes into its addresses. */

/** A size that is there already: before the extension, or, as on Taobao, with a second extension behind it. */
const SIZED = /\.(?:\d+x\d+|search|summ)\.\w+$|\.(?:jpe?g|png|webp)_[^/]*$/i
const EXTENSION = /(?=\.(?:jpe?g|png|webp)$)/i

/**
 * The address of a small copy of a 1688 photo: under `alicdn.com`, `….jpg` becomes `….220x220.jpg`.
 * Gives `url` itself where the host is another, a size is there already, or the file's kind comes in no sizes.
 */
export function smallPictureUrl(url: URL): URL {
  const { hostname, pathname } = url
  if (!hostname.endsWith('.alicdn.com') || SIZED.test(pathname) || !EXTENSION.test(pathname)) return url
  const small = new URL(url)
  small.pathname = pathname.replace(EXTENSION, '.220x220')
  return small
}
