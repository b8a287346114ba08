/** The handle of a picture at the 1688 Open Platform: the id that an upload gave, its public address, or both. */

/** What is known of a picture; at least one of them. */
export interface KnownPicture {
  /** Of the upload; has no blank. */
  pictureId: string | null
  url: string | null
}

/** The handle as one text. */
export function formatHandle({ pictureId, url }: KnownPicture): string {
  return `${pictureId ?? ''} ${url ?? ''}`
}

/** What a handle of {@link formatHandle} says. */
export function parseHandle(handle: string): KnownPicture {
  const blank = handle.indexOf(' ')
  return { pictureId: handle.slice(0, blank) || null, url: handle.slice(blank + 1) || null }
}
