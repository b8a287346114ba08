/** A picture's handle at the 1688 Open Platform: the ID of its upload, its public URL, or both, in one string. */

/** At least one is not `null`. */
export interface PictureHandle {
  /** Contains no space. */
  pictureId: string | null
  url: string | null
}

export function formatHandle({ pictureId, url }: PictureHandle): string {
  return `${pictureId ?? ''} ${url ?? ''}`
}

export function parseHandle(handle: string): PictureHandle {
  const space = handle.indexOf(' ')
  return { pictureId: handle.slice(0, space) || null, url: handle.slice(space + 1) || null }
}
