/** Small copies of pictures for people to look at; nothing is ever matched by them. */

const FORMATS = { 'image/webp': 'webp', 'image/jpeg': 'jpeg', 'image/png': 'png' } as const

/** What a thumbnail can be turned into. */
export type ThumbnailType = keyof typeof FORMATS

/**
 * A copy of at most `side` pixels on its longer side, drawn from the decoded pixels, so that nothing else of the file is passed on. The
 * decoder is loaded when it is first needed (some 100 ms).
 * @throws AppError `picture_unreadable`.
 */
export async function makeThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const { drawThumbnail } = await import('./decoder/thumbnail.ts')
  return drawThumbnail(bytes, side)
}

/** A thumbnail of {@link makeThumbnail} in another format, with its size in pixels. */
export async function convertThumbnail(
  thumbnail: Uint8Array,
  mediaType: ThumbnailType,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { redrawThumbnail } = await import('./decoder/thumbnail.ts')
  return redrawThumbnail(thumbnail, FORMATS[mediaType])
}
