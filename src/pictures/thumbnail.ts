/** Owns small copies of pictures for people to look at; nothing is ever matched by them. */

/** What a thumbnail is: every browser shows it, in half the bytes of a JPEG. */
export const THUMBNAIL_MEDIA_TYPE = 'image/webp'

/** What a thumbnail can be turned into. */
export type ThumbnailType = typeof THUMBNAIL_MEDIA_TYPE | 'image/jpeg' | 'image/png'

/** WebP quality: at 240 pixels some 5 kB a picture. */
const QUALITY = 64

/**
 * A copy of at most `side` pixels on its longer side, within the limits of every other picture and drawn anew, so that nothing but pixels
 * is passed on. The decoder is loaded when it is first needed (some 100 ms); it works in threads of its own.
 * @param bytes the picture file as fetched.
 * @throws AppError `picture_unreadable`.
 */
export async function makeThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  const [{ default: sharp }, { decodePicture, limitDecoders }] = await Promise.all([
    import('sharp'),
    import('./decoder/decode.ts'),
  ])
  limitDecoders()
  const { rgb, width, height } = await decodePicture(bytes)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer()
}

/** A thumbnail of {@link makeThumbnail} with its size in pixels, as it is, as a JPEG or as a PNG of 256 colours. */
export async function convertThumbnail(
  thumbnail: Uint8Array,
  mediaType: ThumbnailType,
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const { default: sharp } = await import('sharp')
  const picture = sharp(thumbnail)
  if (mediaType === THUMBNAIL_MEDIA_TYPE) {
    const { width, height } = await picture.metadata()
    return { bytes: thumbnail, width, height }
  }
  const drawn = mediaType === 'image/png' ? picture.png({ palette: true }) : picture.jpeg({ quality: 85 })
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
