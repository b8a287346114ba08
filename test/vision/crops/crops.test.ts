import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodePicture, type Raster, squareOf } from '../../../src/pictures/decoder/decode.ts'
import { findContent } from '../../../src/vision/crops/content-box.ts'
import { cropGroupsOf } from '../../../src/vision/crops/crops.ts'
import { findSalient } from '../../../src/vision/crops/salient-box.ts'
import { capCosine, meanOf } from '../../../src/vision/vector.ts'
import { cosineOf } from '../../support/cosine.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const SIDE = 224

/** A plain background with something on it. */
async function onGround(width: number, height: number, thing: { picture: Buffer; left: number; top: number }) {
  const ground = sharp({ create: { width, height, channels: 3, background: '#e8e6e1' } })
  const png = await ground
    .composite([{ input: thing.picture, left: thing.left, top: thing.top }])
    .png()
    .toBuffer()
  return decodePicture(png)
}

async function noise(width: number, height: number): Promise<Buffer> {
  const random = seededRandom(7)
  const pixels = Buffer.from(Array.from({ length: width * height * 3 }, () => random() * 256))
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

async function plain(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#7a1f2b' } })
    .png()
    .toBuffer()
}

const square = (picture: Raster) => squareOf(picture, SIDE)

describe('the content of a picture', () => {
  it('is the photo in a screenshot, in the coordinates of the picture', async () => {
    const screenshot = await onGround(360, 480, { picture: await noise(320, 240), left: 20, top: 100 })
    const box = findContent(await square(screenshot), SIDE, screenshot)
    const found = [box?.left, box?.top, box?.width, box?.height]
    // One pixel of the examined square is two of the picture.
    for (const [index, expected] of [20, 100, 320, 240].entries()) {
      expect(Math.abs((found[index] ?? Number.NaN) - expected)).toBeLessThan(10)
    }
  })

  it('is nothing if all or nothing is textured', async () => {
    for (const picture of [await decodePicture(await noise(200, 200)), await decodePicture(await plain(200, 200))]) {
      expect(findContent(await square(picture), SIDE, picture)).toBeNull()
    }
  })
})

describe('the salient part of a picture', () => {
  it('is the subject with a margin, wherever it is', async () => {
    for (const [left, top] of [
      [100, 60],
      [160, 110],
    ] as const) {
      const picture = await onGround(400, 300, { picture: await plain(120, 90), left, top })
      const box = findSalient(await square(picture), SIDE, picture)
      if (!box) throw new Error('nothing found')
      expect(Math.abs(box.left - left)).toBeLessThan(30)
      expect(Math.abs(box.top - top)).toBeLessThan(25)
      expect(box.left + box.width).toBeGreaterThan(left + 110)
      expect(box.top + box.height).toBeGreaterThan(top + 80)
      expect(box.width * box.height).toBeLessThan(2 * 120 * 90)
    }
  })

  it('is nothing in a plain picture', async () => {
    const picture = await decodePicture(await plain(300, 200))
    expect(findSalient(await square(picture), SIDE, picture)).toBeNull()
  })

  it('lies within the picture, whatever it shows', async () => {
    for (const [width, height] of [
      [3, 200],
      [300, 2],
      [211, 97],
    ] as const) {
      const picture = await decodePicture(await noise(width, height))
      const box = findSalient(await square(picture), SIDE, picture)
      if (!box) continue
      expect(Math.min(box.left, box.top)).toBeGreaterThanOrEqual(0)
      expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(1)
      expect(box.left + box.width).toBeLessThanOrEqual(picture.width)
      expect(box.top + box.height).toBeLessThanOrEqual(picture.height)
    }
  })
})

describe('the crops of a picture', () => {
  it('make one vector for the index, which comes first in a query with more weight on the kind', async () => {
    const picture = await decodePicture(await drawnPicture().png().toBuffer())
    const kept = await cropGroupsOf(picture, SIDE, 'index')
    const asked = await cropGroupsOf(picture, SIDE, 'query')
    expect(kept).toHaveLength(1)
    expect(kept[0]).toMatchObject({ favoursKind: false, maxCosine: 1 })
    expect(kept[0]?.crops).toHaveLength(2)
    expect(asked[0]).toEqual({ ...kept[0], favoursKind: true })
    expect(asked.slice(1).every(group => !group.favoursKind && group.maxCosine < 1)).toBe(true)
  })

  it('include both quarter turns', async () => {
    const picture = await decodePicture(await drawnPicture().png().toBuffer())
    const rgbOf = async (turn: number) => {
      const { data } = await sharp(picture.rgb, { raw: { ...sizeOf(picture), channels: 3 } })
        .rotate(turn)
        .raw()
        .toBuffer({ resolveWithObject: true })
      return squareOf({ rgb: data, width: picture.height, height: picture.width }, SIDE)
    }
    const turned = (await cropGroupsOf(picture, SIDE, 'query')).slice(-2)
    for (const [index, turn] of [90, 270].entries()) {
      const seen = turned[index]?.crops[0]?.rgb ?? new Uint8Array(0)
      const expected = await rgbOf(turn)
      const difference = expected.reduce((sum, value, i) => sum + Math.abs(value - (seen[i] ?? 0)), 0)
      // Rotating before or after resizing blurs edges differently; the wrong rotation differs by more than 20.
      expect(difference / expected.length).toBeLessThan(4)
    }
  })
})

describe('a vector whose cosine is capped', () => {
  const vector = Float32Array.from({ length: 48 }, (_, i) => Math.sin(i))
  const kept = capCosine(vector, 1)

  it('matches itself at the cap, and never exceeds it', () => {
    expect(cosineOf(capCosine(vector, 0.85), kept)).toBeCloseTo(0.85, 5)
    expect(cosineOf(capCosine(vector, 1), kept)).toBeCloseTo(1, 5)
    const other = capCosine(
      Float32Array.from({ length: 48 }, (_, i) => Math.cos(i)),
      1,
    )
    expect(cosineOf(capCosine(vector, 0.85), other)).toBeCloseTo(0.85 * cosineOf(kept, other), 5)
  })

  it('may be a mean, which is equally far from both parts', () => {
    const other = Float32Array.from({ length: 48 }, (_, i) => Math.cos(i))
    expect(Array.from(meanOf([vector]))).toEqual(Array.from(vector))
    const mean = meanOf([vector, other])
    const unit = (values: Float32Array) => Math.hypot(...values)
    expect(unit(vector) / unit(other)).toBeCloseTo(1, 1)
    expect(cosineOf(mean, vector)).toBeCloseTo(cosineOf(mean, other), 1)
  })
})

function sizeOf({ width, height }: Raster) {
  return { width, height }
}
