import { expect, test } from 'vitest'
import { checkPicture } from '../../../src/pictures/decoder/check.ts'
import { decodePicture, limitDecoders } from '../../../src/pictures/decoder/decode.ts'
import { drawnPicture, FORMATS } from '../../support/drawn-pictures.ts'
import { pngHeader } from '../../support/hostile-pictures.ts'

test.each(FORMATS)('reads %s', async format => {
  const { width, height, rgb } = await decodePicture(await drawnPicture().toFormat(format).toBuffer())
  expect([width, height, rgb.length]).toEqual([160, 120, 160 * 120 * 3])
  // The background colour as drawn, within what compression changes.
  expect(rgb[0]).toBeGreaterThan(225)
})

test('turns by EXIF, flattens on white, keeps 512 pixels', async () => {
  const turned = await drawnPicture().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  expect(await decodePicture(turned)).toMatchObject({ width: 120, height: 160 })
  const clear = drawnPicture().ensureAlpha(0).resize(2000).png()
  const { width, height, rgb } = await decodePicture(await clear.toBuffer())
  expect([width, height]).toEqual([512, 384])
  expect([...rgb.subarray(0, 3)]).toEqual([255, 255, 255])
})

test.each([
  ['nothing', '', /is empty/],
  ['SVG', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', /an SVG drawing/],
  ['HTML', '\n<!DOCTYPE html><html></html>', /a web page/],
  ['PDF', '%PDF-1.7\n', /a PDF document/],
  ['text', 'not a picture', /is text/],
  ['bytes', '\x01\x02\x03\x04', /of an unknown kind/],
])('names %s', (_name, head, message) => {
  expect(() => checkPicture(Buffer.from(head, 'latin1'))).toThrow(message)
})

test('an SVG disguised as a JPEG never reaches the SVG loader', async () => {
  limitDecoders()
  const posing = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<svg width="9" height="9"/>')])
  await expect(decodePicture(posing)).rejects.toMatchObject({ code: 'picture_unreadable' })
})

test('a truncated JPEG is reported as damaged', async () => {
  const whole = await drawnPicture().jpeg().toBuffer()
  await expect(decodePicture(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({
    code: 'picture_unreadable',
    message: 'The picture file is damaged or incomplete.',
    hint: 'Open it, save it again as JPEG or PNG, and pass the new file.',
  })
})

test('too many pixels and too many bytes are reported before decoding', async () => {
  await expect(decodePicture(pngHeader(30_000, 30_000))).rejects.toMatchObject({ message: /too many pixels/ })
  expect(() => checkPicture(Buffer.alloc(25_000_001, 0xff))).toThrow(/larger than/)
})
