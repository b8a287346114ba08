/** Small copies of pictures for people to look at; they are never matched. */

const FORMATS = { 'image/webp': 'webp', 'image/jpeg': 'jpeg', 'image/png': 'png' } as const

export type ThumbnailType = keyof typeof FORMATS

/**
 * Draws a copy of at most `side` pixels on its longer side from the decoded pixels, so that no metadata of the file is
 * passed on. Loads the decoder at the first call (about 100 ms).
 * @throws AppError `picture_unreadable`.
 */
export async function makeThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const { drawThumbnail } = await import('./decoder/thumbnail.ts')
  return drawThumbnail(bytes, side)
}

export async function convertThumbnail(
  thumbnail: Uint8Array,
  mediaType: ThumbnailType,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { redrawThumbnail } = await import('./decoder/thumbnail.ts')
  return redrawThumbnail(thumbnail, FORMATS[mediaType])
}
