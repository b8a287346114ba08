import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadHeads } from '../../../src/vision/builtin/heads.ts'
import { loadKernels } from '../../../src/vision/builtin/kernels.ts'
import { readModel, type Tensor } from '../../../src/vision/builtin/model-file.ts'
import { createPooling } from '../../../src/vision/builtin/pooling.ts'
import { leanTowardsKind, loadPreviousHeads } from '../../../src/vision/builtin/previous/heads.ts'
import { COLOUR_DIMENSIONS, colourHistograms } from '../../../src/vision/crops/colour.ts'
import { colourGridOf } from '../../../src/vision/crops/colour-grid.ts'
import { toInt8, toUnitLength } from '../../../src/vision/vector.ts'
import { cosineOf } from '../../support/cosine.ts'
import { ASSETS_DIR, DIST_DIR } from '../../support/package-dirs.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const kernels = await loadKernels(await readFile(path.join(DIST_DIR, 'nn.wasm')))
const parts = await readModel(path.join(ASSETS_DIR, 'model'), ['heads', 'previousHeads'])

const numbers = (count: number, seed: number) => {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, random)
}

describe('the pooling', () => {
  const [side, channels] = [7, 16]
  const map = numbers(side * side * channels, 3).map(value => value * 6 - 1)
  const address = kernels.put(map)
  const pool = createPooling(kernels, map.length, channels)

  /** One region of 7 x 7; four of 4 x 4 from 0 and 3; nine of 3 x 3 from 0, 2 and 4. */
  const regions = { 7: [0], 4: [0, 3], 3: [0, 2, 4] }
  const poolSlowly = (weightAt: (pixel: number) => number) => {
    const sum = new Float64Array(channels)
    for (const [size, starts] of Object.entries(regions)) {
      for (const [top, left] of starts.flatMap(y => starts.map(x => [y, x] as const))) {
        const cells = Array.from({ length: Number(size) ** 2 }, (_, i) => {
          return (top + Math.floor(i / Number(size))) * side + left + (i % Number(size))
        })
        const means = Array.from({ length: channels }, (_, channel) => {
          const cubes = cells.map(cell => weightAt(cell) * Math.max(0, map[cell * channels + channel] ?? 0) ** 3)
          return Math.cbrt(cubes.reduce((a, b) => a + b) / cells.length)
        })
        const weight = cells.reduce((total, cell) => total + weightAt(cell), 0) / cells.length
        for (const [channel, mean] of means.entries())
          sum[channel] = (sum[channel] ?? 0) + (weight * mean) / Math.hypot(...means)
      }
    }
    return sum
  }

  it('is R-MAC over generalised means, as in the paper', () => {
    const ours = pool({ address, side, channels })
    expect(Math.hypot(...ours)).toBeCloseTo(1, 5)
    expect(
      cosineOf(
        ours,
        poolSlowly(() => 1),
      ),
    ).toBeGreaterThan(0.99999)
  })

  it('counts pixels and regions by their weights', () => {
    const weights = numbers(side * side, 11)
    const ours = pool({ address, side, channels }, weights)
    const expected = poolSlowly(pixel => weights[pixel] ?? 0)
    expect(cosineOf(ours, expected)).toBeGreaterThan(0.99999)
    expect(cosineOf(pool({ address, side, channels }), expected)).toBeLessThan(0.9999)
  })
})

describe('the heads', () => {
  const heads = loadHeads(kernels, parts.heads)
  const descriptors = {
    product: toUnitLength(numbers(576, 1)),
    picture: toUnitLength(numbers(576, 4)),
    colours: toUnitLength(numbers(COLOUR_DIMENSIONS, 2)),
    productColours: toUnitLength(numbers(COLOUR_DIMENSIONS / 2, 6)),
  }

  it('apply the matrices of the model file and weight each part at unit length', () => {
    const { product, picture, colours, productColours } = descriptors
    const scaled = (vector: Float32Array, share: number) => [...vector].map(value => value * Math.sqrt(share))
    const forItem = [
      ...scaled(product, 0.4),
      ...scaled(picture, 0.35),
      ...scaled(colours, 0.1),
      ...scaled(productColours, 0.15),
    ]
    const forKind = [...scaled(product, 0.6), ...scaled(picture, 0.4)]
    const centred = (input: ArrayLike<number>, name: string) => {
      const { values } = parts.heads(`${name}.mean`)
      return Array.from(input, (value, i) => value - (values[i] ?? 0))
    }
    const unit = (values: number[]) => values.map(value => value / Math.hypot(...values))
    const expected = [
      ...unit(multiply(centred(forItem, 'I'), parts.heads('I.matrix'))).map(value => value * Math.sqrt(0.3)),
      ...unit(multiply(centred(forKind, 'K'), parts.heads('K.matrix'))).map(value => value * Math.sqrt(0.5)),
      ...unit(centred(productColours, 'M')).map(value => value * Math.sqrt(0.2)),
    ]
    const [ours = new Float32Array(), again] = heads.project([descriptors, descriptors])
    expect(again).toEqual(ours)
    expect(ours).toHaveLength(741)
    expectClose(ours, expected)
    expectClose(heads.compress(ours), multiply(expected, parts.heads('V')))
  })

  it('give the kind more weight', () => {
    const leaning = heads.leanTowardsKind(new Float32Array(741).fill(1))
    const [item = 0, kind = 0, colour = 0] = [leaning[247], leaning[248], leaning[496]]
    expect(item ** 2 * 0.3).toBeCloseTo(0.2, 5)
    expect(kind ** 2 * 0.5).toBeCloseTo(0.7, 5)
    expect(colour ** 2 * 0.2).toBeCloseTo(0.1, 5)
  })
})

describe('the heads of the previous model', () => {
  it('apply its matrices and weight each half at unit length', () => {
    const [net, colour] = [toUnitLength(numbers(576, 1)), toUnitLength(numbers(COLOUR_DIMENSIONS, 2))]
    const both = [...net.map(value => value * Math.sqrt(0.75)), ...colour.map(value => value * 0.5)]
    const project = (input: ArrayLike<number>, name: string) => {
      const { values } = parts.previousHeads(`${name}.mean`)
      const centred = Array.from(input, (value, i) => value - (values[i] ?? 0))
      const projected = multiply(centred, parts.previousHeads(`${name}.matrix`)).slice(0, 248)
      return projected.map(value => value / Math.hypot(...projected))
    }
    const expected = [
      ...project(both, 'instance').map(value => value * Math.sqrt(0.4)),
      ...project(net, 'semantic').map(value => value * Math.sqrt(0.6)),
    ]
    expectClose(loadPreviousHeads(kernels, parts.previousHeads)(net, colour), expected)
  })

  it('give the kind more weight through the semantic half alone', () => {
    const leaning = leanTowardsKind(new Float32Array(496).fill(1))
    const [instance = 0, semantic = 0] = [leaning[247], leaning[248]]
    expect((instance ** 2 * 0.4) / (semantic ** 2 * 0.6)).toBeCloseTo(0.2 / 0.8, 5)
  })
})

function multiply(input: readonly number[], { shape, values }: Tensor): number[] {
  const outputs = shape[1] ?? 0
  return Array.from({ length: outputs }, (_, output) =>
    input.reduce((sum, value, i) => sum + value * (values[i * outputs + output] ?? 0), 0),
  )
}

function expectClose(ours: Float32Array, expected: readonly number[]): void {
  expect(ours).toHaveLength(expected.length)
  for (const [i, value] of expected.entries()) expect(Math.abs((ours[i] ?? Number.NaN) - value)).toBeLessThan(1e-4)
}

describe('the colours of a picture', () => {
  const side = 96
  const flat = (red: number, green: number, blue: number) =>
    Uint8Array.from({ length: side * side * 3 }, (_, i) => [red, green, blue][i % 3] ?? 0)
  const histogramOf = (rgb: Uint8Array) => colourHistograms(colourGridOf(rgb, side)).picture
  const likeness = (a: Uint8Array, b: Uint8Array) => cosineOf(histogramOf(a), histogramOf(b))

  it('are 490 numbers at unit length', () => {
    const histogram = histogramOf(flat(10, 200, 90))
    expect(histogram).toHaveLength(490)
    expect(Math.hypot(...histogram)).toBeCloseTo(1, 5)
  })

  it('are closer the more alike they look, and share nothing if they look unlike', () => {
    const red = flat(200, 40, 40)
    expect(likeness(red, flat(200, 40, 40))).toBeCloseTo(1, 5)
    expect(likeness(red, flat(205, 44, 44))).toBeGreaterThan(0.9)
    expect(likeness(red, flat(205, 44, 44))).toBeGreaterThan(likeness(red, flat(230, 90, 60)))
    expect(likeness(red, flat(20, 60, 220))).toBeLessThan(0.05)
    expect(likeness(flat(0, 0, 0), flat(255, 255, 255))).toBeLessThan(0.05)
  })

  it('do not change when the picture is rotated', () => {
    const half = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i < (side * side * 3) / 2 ? 230 : 30))
    const turned = Uint8Array.from({ length: side * side * 3 }, (_, i) =>
      Math.floor(i / 3) % side < side / 2 ? 230 : 30,
    )
    expect(likeness(half, turned)).toBeCloseTo(1, 5)
  })

  it('are nearly those of the product alone where the foreground shows it', () => {
    const [red, blue] = [flat(200, 40, 40), flat(20, 60, 220)]
    const half = red.map((value, i) => (i < red.length / 2 ? value : (blue[i] ?? 0)))
    const top = Float32Array.from({ length: 14 * 14 }, (_, cell) => (cell < 7 * 14 ? 1 : 0))
    const { product } = colourHistograms(colourGridOf(half, side), top)
    const whole = (rgb: Uint8Array) => histogramOf(rgb).subarray(0, 245)
    expect(product).toHaveLength(245)
    expect(cosineOf(product, whole(red))).toBeGreaterThan(0.95)
    expect(cosineOf(product, whole(blue))).toBeLessThan(0.25)
  })
})

describe('eight bits', () => {
  it('keep the direction and pad to a multiple of 16', () => {
    const vector = numbers(490, 5).map(value => value - 0.5)
    const small = toInt8(vector)
    expect(small).toHaveLength(496)
    expect(Math.max(...small.map(Math.abs))).toBe(127)
    expect(cosineOf(vector, small.subarray(0, 490))).toBeGreaterThan(0.9999)
    expect(toInt8(new Float32Array(8))).toEqual(new Int8Array(16))
  })
})
