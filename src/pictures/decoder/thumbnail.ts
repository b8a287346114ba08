import sharp from 'sharp'
import { decodePicture } from './decode.ts'
import type { DrawnPicture, ThumbnailType } from './messages.ts'

/** WebP quality: about 5 kB per picture at 240 pixels. */
const QUALITY = 64

/** @returns a WebP of at most `side` pixels on its longer side. @throws AppError `picture_unreadable`. */
export async function drawThumbnail(bytes: Uint8Array, side: number): Promise<DrawnPicture> {
  const { rgb, width, height } = await decodePicture(bytes)
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY })
    .toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}

/** WebP is returned unchanged; PNG has 256 colours. */
export async function convertThumbnail(thumbnail: Uint8Array, mediaType: ThumbnailType): Promise<DrawnPicture> {
  const picture = sharp(thumbnail)
  if (mediaType === 'image/webp') {
    const { width, height } = await picture.metadata()
    return { bytes: thumbnail, width, height }
  }
  const drawn = mediaType === 'image/png' ? picture.png({ palette: true }) : picture.jpeg({ quality: 85 })
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true })
  return { bytes: data, width: info.width, height: info.height }
}
