/** Decodes HEIC, the photos of iPhones, which sharp's binaries cannot, by libheif in WebAssembly. */
import { all } from 'heic-decode'
import { withPlainBrand } from './brand.ts'
import type { Pixels } from './pixels.ts'

/**
 * libheif holds the planes, its RGBA and ours: 12 bytes for each pixel. A picture of 16 megapixels takes some 200 MB,
 * within what the process may allocate.
 */
const MAX_PIXELS = 17_000_000

/** @throws RangeError for too many pixels, before they are decoded; Error for a damaged file. */
export async function decodeHeic(bytes: Uint8Array): Promise<Pixels> {
  const pictures = await all({ buffer: withPlainBrand(bytes, 'mif1') })
  try {
    const [picture] = pictures
    if (picture === undefined) throw new Error('no picture in the file')
    if (picture.width * picture.height > MAX_PIXELS) throw new RangeError('pixel limit')
    const { data, width, height } = await picture.decode()
    return { data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, channels: 4 }
  } finally {
    pictures.dispose()
  }
}
