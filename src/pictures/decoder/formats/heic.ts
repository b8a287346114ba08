/** Decodes HEIC, the photos of iPhones, which sharp's binaries cannot, by libheif in WebAssembly. */
import { all } from 'heic-decode'
import { withPlainBrand } from './brand.ts'
import type { Pixels } from './pixels.ts'
import { withPreviewsAsPictures } from './thumbnail-items.ts'

/**
 * libheif holds the planes, its RGBA and ours: 12 bytes for each pixel. A picture of 16 megapixels takes some 200 MB,
 * within what the process may allocate.
 */
const MAX_PIXELS = 17_000_000

/** Of the longer side of a preview that stands for a photo of more pixels: the matcher looks at 224. */
const MIN_PREVIEW_SIDE = 224

interface Size {
  width: number
  height: number
}

/** @throws RangeError for too many pixels, before they are decoded; Error for a damaged file. */
export async function decodeHeic(bytes: Uint8Array): Promise<Pixels> {
  const file = withPlainBrand(bytes, 'mif1')
  const photo = await decode(file, ([first]) => first)
  if (photo !== null) return photo
  const previews = withPreviewsAsPictures(file)
  const preview = previews && (await decode(previews, largestPreview))
  if (preview === null) throw new RangeError('pixel limit')
  return preview
}

/** `null` if the chosen picture is none, or too large. */
async function decode(
  file: Uint8Array,
  choose: <Picture extends Size>(pictures: readonly Picture[]) => Picture | undefined,
): Promise<Pixels | null> {
  const pictures = await all({ buffer: file })
  try {
    if (pictures.length === 0) throw new Error('no picture in the file')
    const picture = choose(pictures)
    if (picture === undefined || pixelsOf(picture) > MAX_PIXELS) return null
    const { data, width, height } = await picture.decode()
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 }
  } finally {
    pictures.dispose()
  }
}

function largestPreview<Picture extends Size>(pictures: readonly Picture[]): Picture | undefined {
  return pictures
    .filter(picture => Math.max(picture.width, picture.height) >= MIN_PREVIEW_SIDE && pixelsOf(picture) <= MAX_PIXELS)
    .sort((a, b) => pixelsOf(b) - pixelsOf(a))[0]
}

function pixelsOf({ width, height }: Size): number {
  return width * height
}
