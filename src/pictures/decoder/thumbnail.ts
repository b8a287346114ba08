import sharp from 'sharp'
import { decodePicture, limitDecoders } from './decode.ts'

/** WebP quality: about 5 kB per picture at 240 pixels. */
const QUALITY = 64

/** @returns a WebP of at most `side` pixels on its longer side. @throws AppError `picture_unreadable`. */
export async function drawThumbnail(bytes: Uint8Array, side: number): Promise<Uint8Array> {
  limitDecoders()
  const { rgb, width, height } = await decodePicture(bytes)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer()
}

/** WebP is returned unchanged; PNG has 256 colours. */
export async function redrawThumbnail(
  thumbnail: Uint8Array,
  format: 'webp' | 'jpeg' | 'png',
): Promise<{ bytes: Uint8Array; width: number; height: number }> {
  const picture = sharp(thumbnail)
  if (format === 'webp') {
    const { width, height } = await picture.metadata()
    return { bytes: thumbnail, width, height }
  }
  const drawn = format === 'png' ? picture.png({ palette: true }) : picture.jpeg({ quality: 85 })
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
