/** The files that phones, scanners and servers make, each showing something that can be recognised. */
import sharp, { type Sharp } from 'sharp'
import { expect, test } from 'vitest'
import { checkPicture } from '../../../src/pictures/decoder/check.ts'
import { isCut } from '../../../src/pictures/decoder/cut.ts'
import { decodePhoto, decodePicture, limitDecoders } from '../../../src/pictures/decoder/decode.ts'
import { pictureKind } from '../../../src/pictures/decoder/kind.ts'
import { shrinkPicture } from '../../../src/pictures/decoder/shrink.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'
import { gridHeic, HEIC } from '../../support/heic.ts'

limitDecoders()

/** The largest difference to the picture as it was drawn. */
async function differenceTo(bytes: Uint8Array, original: Sharp): Promise<number> {
  const { rgb, width, height } = await decodePicture(bytes)
  const expected = await original
    .resize(width, height, { fit: 'fill' })
    .flatten({ background: '#fff' })
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  expect(rgb).toHaveLength(expected.length)
  return rgb.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (expected[at] ?? 0))), 0)
}

/** A BMP as programs write it. */
async function bitmap(bits: 1 | 4 | 8 | 16 | 24 | 32, isTopDown = false): Promise<Buffer> {
  const [width, height] = [37, 21]
  const { data } = await drawnPicture()
    .resize(width, height, { fit: 'fill' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const grey = (at: number) => ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3
  const colours = bits > 8 ? 0 : 2 ** bits
  const palette = Buffer.alloc(colours * 4)
  for (let index = 0; index < colours; index++)
    palette.fill(Math.round((index * 255) / (colours - 1)), index * 4, index * 4 + 3)
  const rowBytes = Math.ceil((width * bits) / 32) * 4
  const pixels = Buffer.alloc(rowBytes * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3
      const to = (isTopDown ? y : height - 1 - y) * rowBytes
      const [r = 0, g = 0, b = 0] = data.subarray(from, from + 3)
      const index = Math.round((grey(from) * (colours - 1)) / 255)
      if (bits === 1) pixels[to + (x >> 3)] = (pixels[to + (x >> 3)] ?? 0) | (index << (7 - (x & 7)))
      if (bits === 4) pixels[to + (x >> 1)] = (pixels[to + (x >> 1)] ?? 0) | (index << (x & 1 ? 0 : 4))
      if (bits === 8) pixels[to + x] = index
      if (bits === 16) pixels.writeUInt16LE(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3), to + x * 2)
      if (bits >= 24) pixels.set([b, g, r], to + (x * bits) / 8)
    }
  }
  const header = Buffer.alloc(54)
  header.write('BM')
  header.writeUInt32LE(54 + palette.length, 10)
  header.writeUInt32LE(40, 14)
  header.writeInt32LE(width, 18)
  header.writeInt32LE(isTopDown ? -height : height, 22)
  header.writeUInt16LE(1, 26)
  header.writeUInt16LE(bits, 28)
  return Buffer.concat([header, palette, pixels])
}

test.each([16, 24, 32] as const)('reads a BMP of %i bits', async bits => {
  for (const isTopDown of [false, true]) {
    expect(await differenceTo(await bitmap(bits, isTopDown), drawnPicture())).toBeLessThanOrEqual(bits === 16 ? 8 : 0)
  }
})

test.each([4, 8] as const)('reads a BMP with a palette of %i bits', async bits => {
  const { rgb, width, height } = await decodePicture(await bitmap(bits))
  expect([width, height]).toEqual([37, 21])
  expect(new Set(rgb).size).toBeGreaterThan(bits)
})

test('reads a BMP of one bit, and refuses one that is compressed or too large', async () => {
  expect(await decodePicture(await bitmap(1))).toMatchObject({ width: 37, height: 21 })
  const compressed = await bitmap(8)
  compressed.writeUInt32LE(1, 30)
  await expect(decodePicture(compressed)).rejects.toMatchObject({ code: 'picture_unreadable' })
  const huge = await bitmap(24)
  huge.writeInt32LE(60_000, 18)
  huge.writeInt32LE(60_000, 22)
  await expect(decodePicture(huge)).rejects.toMatchObject({ message: /too many pixels/ })
})

test.each(['none', 'lzw', 'jpeg', 'deflate'] as const)('reads a TIFF packed by %s', async compression => {
  const tiff = await drawnPicture().flatten({ background: '#fff' }).tiff({ compression, quality: 95 }).toBuffer()
  expect(await differenceTo(tiff, drawnPicture())).toBeLessThan(compression === 'jpeg' ? 60 : 2)
})

test('reads HEIC, also for an upload', async () => {
  expect(pictureKind(HEIC)).toBe('heic')
  const { width, height, rgb } = await decodePicture(HEIC)
  expect([width, height]).toEqual([360, 360])
  expect(new Set(rgb).size).toBeGreaterThan(50)
  expect(pictureKind((await shrinkPicture(HEIC)).bytes)).toBe('jpeg')
})

test.each(['mif1', 'heix', 'hevc', 'heim', 'MiHE'])('reads HEIC whose major brand is %s', async brand => {
  const file = Buffer.from(HEIC)
  file.write(brand, 8, 'latin1')
  expect(await decodePicture(file)).toMatchObject({ width: 360 })
})

test('reads HEIC of tiles, and refuses one of too many pixels before decoding it', async () => {
  const { width, height } = await decodePicture(gridHeic(4, 3))
  expect([width, height]).toEqual([512, 384])
  await expect(decodePicture(gridHeic(24, 16))).rejects.toMatchObject({ message: /too many pixels/ })
})

test('takes the preview of HEIC of too many pixels', async () => {
  const { width, height, rgb } = await decodePicture(gridHeic(24, 16, true))
  expect([width, height]).toEqual([360, 360])
  expect(rgb).toEqual((await decodePicture(HEIC)).rgb)
  // Of a smaller one, the picture itself.
  expect((await decodePicture(gridHeic(4, 3, true))).width).toBe(512)
})

test('reports HEIC that is damaged', async () => {
  await expect(decodePicture(HEIC.subarray(0, 3_000))).rejects.toMatchObject({ message: /damaged or incomplete/ })
})

test.each(['mif1', 'miaf', 'avis'])('reads AVIF whose major brand is %s', async brand => {
  const avif = await drawnPicture().avif().toBuffer()
  avif.write(brand, 8, 'latin1')
  expect(pictureKind(avif)).toBe('avif')
  expect(await decodePicture(avif)).toMatchObject({ width: 160 })
})

test('tells a video from a picture', () => {
  expect(() => checkPicture(Buffer.from('\0\0\0\x14ftypisom\0\0\0\0mp41', 'latin1'))).toThrow(/a video/)
})

test('reads the still of a motion photo, and the first picture of an MPO', async () => {
  const jpeg = await drawnPicture().jpeg().toBuffer()
  for (const tail of [Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0', 'latin1'), jpeg]) {
    const file = Buffer.concat([jpeg, tail])
    expect(isCut(file)).toBe(false)
    expect(await decodePicture(file)).toMatchObject({ width: 160, height: 120 })
  }
})

test('reads a baseline JPEG of 50 megapixels', async () => {
  const jpeg = await sharp({ create: { width: 8160, height: 6120, channels: 3, background: '#a33' } })
    .jpeg()
    .toBuffer()
  expect(await decodePicture(jpeg)).toMatchObject({ width: 512, height: 384 })
})

test.each(['jpeg', 'png'] as const)('reads a %s whose end is missing as far as it goes', async format => {
  const whole = await drawnPicture().resize(1500).toFormat(format).toBuffer()
  for (const share of [0.97, 1 - 8 / whole.length]) {
    const cut = whole.subarray(0, Math.floor(whole.length * share))
    expect(isCut(cut)).toBe(true)
    const { width, height } = await decodePicture(cut)
    expect(width).toBe(512)
    expect(height).toBeGreaterThan(384 * 0.66)
    expect(pictureKind((await shrinkPicture(cut)).bytes)).toBe('jpeg')
  }
  expect(isCut(whole)).toBe(false)
})

test('does not take the end of a thumbnail for the end of the picture', async () => {
  const thumbnail = await drawnPicture().resize(40).jpeg().toBuffer()
  const jpeg = await drawnPicture()
    .withExif({ IFD0: { ImageDescription: 'x' } })
    .jpeg()
    .toBuffer()
  const length = Buffer.alloc(2)
  length.writeUInt16BE(thumbnail.length + 2)
  const withThumbnail = Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.from([0xff, 0xe5]),
    length,
    thumbnail,
    jpeg.subarray(2),
  ])
  expect(isCut(withThumbnail)).toBe(false)
  expect(isCut(withThumbnail.subarray(0, -10))).toBe(true)
})

test('refuses a placeholder and a blank picture as such', async () => {
  const plain = (side: number, background: string) =>
    sharp({ create: { width: side, height: side, channels: 3, background } })
  await expect(decodePhoto(await plain(1, '#fff').gif().toBuffer())).rejects.toMatchObject({
    message: 'The picture has 1 x 1 pixels: it is a placeholder, not the photo.',
  })
  for (const [format, background] of [
    ['png', '#fff'],
    ['jpeg', '#123456'],
    ['webp', '#000'],
  ] as const) {
    await expect(decodePhoto(await plain(200, background).toFormat(format).toBuffer())).rejects.toMatchObject({
      code: 'picture_unreadable',
      message: 'The picture is blank: it has one colour only.',
    })
  }
})

test('takes the first frame of an animation that shows something', async () => {
  const blank = await sharp({ create: { width: 160, height: 120, channels: 3, background: '#fff' } })
    .png()
    .toBuffer()
  const shown = await drawnPicture().flatten({ background: '#fff' }).png().toBuffer()
  const animation = await sharp([blank, shown, shown], { join: { animated: true } })
    .gif()
    .toBuffer()
  expect(new Set((await decodePicture(animation)).rgb).size).toBe(1)
  expect(new Set((await decodePhoto(animation)).rgb).size).toBeGreaterThan(5)
})
