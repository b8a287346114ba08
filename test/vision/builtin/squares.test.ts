import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodePicture, limitDecoders, type Raster, squareOf } from '../../../src/pictures/decoder/decode.ts'
import { loadKernels } from '../../../src/vision/builtin/kernels.ts'
import { createSquares } from '../../../src/vision/builtin/squares.ts'
import { colourGridOf } from '../../../src/vision/crops/colour-grid.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { DEMO_PHOTO } from '../../support/pictures.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const SIDE = 224

limitDecoders()
const kernels = await loadKernels(readFileSync(path.join(DIST_DIR, 'nn.wasm')))
const create = createSquares(kernels, SIDE)
const squares = (...args: Parameters<typeof create>) => create(...args).rgb.slice()

function noise(width: number, height: number): Raster {
  const random = seededRandom(width * height)
  return { rgb: Uint8Array.from({ length: width * height * 3 }, () => random() * 256), width, height }
}

function mirrored({ rgb, width, height }: Raster): Raster {
  const flipped = rgb.map((_, at) => {
    const pixel = Math.floor(at / 3)
    const x = pixel % width
    return rgb[(pixel - x + (width - 1 - x)) * 3 + (at % 3)] ?? 0
  })
  return { rgb: flipped, width, height }
}

describe.each([
  [8, 8],
  [512, 1],
  [1, 300],
  [224, 224],
  [97, 411],
  [512, 512],
])('a picture of %d x %d', (width, height) => {
  test('of one colour stays so', () => {
    const rgb = new Uint8Array(width * height * 3).map((_, at) => [3, 128, 255][at % 3] ?? 0)
    const square = squares({ rgb, width, height })
    expect(square).toHaveLength(SIDE * SIDE * 3)
    expect(square.every((value, at) => value === [3, 128, 255][at % 3])).toBe(true)
  })

  test('mirrored gives the mirrored square', () => {
    const picture = noise(width, height)
    const square = mirrored({ rgb: squares(picture), width: SIDE, height: SIDE }).rgb
    const other = squares(mirrored(picture))
    expect(square.every((value, at) => Math.abs(value - (other[at] ?? 0)) <= 1)).toBe(true)
  })
})

test('a picture of the right size is not changed', () => {
  const picture = noise(SIDE, SIDE)
  expect(squares(picture)).toEqual(picture.rgb)
})

test('a part is stretched as if it were the picture', () => {
  const { rgb, width, height } = noise(300, 200)
  const box = { left: 40, top: 30, width: 211, height: 97 }
  const rows = Array.from({ length: box.height }, (_, y) => {
    const start = ((box.top + y) * width + box.left) * 3
    return [...rgb.subarray(start, start + box.width * 3)]
  })
  const part = { rgb: Uint8Array.from(rows.flat()), width: box.width, height: box.height }
  expect(squares({ rgb, width, height }, box)).toEqual(squares(part))
})

test('a photo is shrunk as by libvips', async () => {
  const photo = await decodePicture(readFileSync(DEMO_PHOTO))
  const [ours, theirs] = [squares(photo), await squareOf(photo, SIDE)]
  const differences = ours.map((value, at) => Math.abs(value - (theirs[at] ?? 0)))
  expect(differences.reduce((sum, difference) => sum + difference, 0) / ours.length).toBeLessThan(0.5)
})

test('its colours are those of the picture averaged down', () => {
  const { rgb, colours } = create(noise(300, 200))
  expect(colours).toEqual(colourGridOf(rgb, SIDE))
})
