import sharp from 'sharp'
import { afterAll, expect, it } from 'vitest'
import { boxOfRegion, formatRegion, parseRegion } from '../../../src/pictures/decoder/region.ts'
import { createBuiltDecoder } from '../../support/decoder.ts'

const decoder = createBuiltDecoder()
afterAll(() => decoder.close())

it.each([
  ['0,0,50,100', '0,0,50,100'],
  [' 12.5, 3 ,40,20 ', '12.5,3,40,20'],
  ['[10, 20, 30, 40]', '10,20,30,40'],
  ['10% 20% 30% 40%', '10,20,30,40'],
  ['66.7,0,33.34,100', '66.7,0,33.3,100'],
])('the region %j is read', (text, region) => {
  expect(formatRegion(parseRegion(text))).toBe(region)
})

it.each([
  ['', 'Not a valid region: "" (expected four numbers).'],
  ['1,2,3', 'Not a valid region: "1,2,3" (expected four numbers).'],
  ['a,b,c,d', 'Not a valid region: "a,b,c,d" (expected four numbers).'],
  ['-5,0,50,50', 'Not a valid region: "-5,0,50,50" (expected four numbers).'],
  ['0,0,1,50', 'The region "0,0,1,50" is less than 3 % wide or high.'],
  ['60,0,50,100', 'The region "60,0,50,100" reaches beyond the picture.'],
  ['0,0,512,512', 'The region "0,0,512,512" reaches beyond the picture.'],
])('the region %j is refused with the reason', (text, message) => {
  expect(() => parseRegion(text)).toThrow(expect.objectContaining({ code: 'invalid_input', message }))
})

it('a region has at least one pixel, within the picture', () => {
  expect(boxOfRegion({ x: 50, y: 0, width: 50, height: 100 }, { width: 301, height: 9 })).toEqual({
    left: 150,
    top: 0,
    width: 151,
    height: 9,
  })
  expect(boxOfRegion({ x: 97.5, y: 97.5, width: 3, height: 3 }, { width: 10, height: 1 })).toEqual({
    left: 9,
    top: 0,
    width: 1,
    height: 1,
  })
})

it('a part of the upright picture is drawn, whatever way the file is turned', async () => {
  const red = {
    input: { create: { width: 200, height: 300, channels: 3, background: '#f00' } },
    left: 200,
    top: 0,
  } as const
  const picture = sharp({ create: { width: 400, height: 300, channels: 3, background: '#00f' } }).composite([red])
  // Upright it is 300 x 400 pixels, and red below.
  const turned = await picture.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer()
  const part = await decoder.crop(turned, { x: 0, y: 60, width: 50, height: 40 }, { owner: 'caller' })
  const { data, info } = await sharp(part).raw().toBuffer({ resolveWithObject: true })
  expect(info).toMatchObject({ width: 150, height: 160 })
  const [r = 0, , b = 0] = data
  expect(r).toBeGreaterThan(240)
  expect(b).toBeLessThan(15)
})
