import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { leanTowardsKind, loadHeads } from '../../../src/vision/builtin/heads.ts'
import { loadKernels } from '../../../src/vision/builtin/kernels.ts'
import { readModel, type Tensor } from '../../../src/vision/builtin/model-file.ts'
import { createPooling } from '../../../src/vision/builtin/pooling.ts'
import { COLOUR_DIMENSIONS, colourHistogram } from '../../../src/vision/crops/colour.ts'
import { toInt8, toUnitLength } from '../../../src/vision/vector.ts'
import { cosineOf } from '../../support/cosine.ts'
import { ASSETS_DIR, DIST_DIR } from '../../support/package-dirs.ts'
import { seededRandom } from '../../support/seeded-random.ts'

const kernels = await loadKernels(await readFile(path.join(DIST_DIR, 'nn.wasm')))
const { heads: tensors } = await readModel(path.join(ASSETS_DIR, 'model'))

const numbers = (count: number, seed: number) => {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, random)
}

describe('the pooling', () => {
  it('is R-MAC over generalised means, as in the paper', () => {
    const [side, channels] = [7, 16]
    const map = numbers(side * side * channels, 3).map(value => value * 6 - 1)
    const address = kernels.put(map)
    const ours = createPooling(kernels, channels)({ address, side, channels })
    const sum = new Float64Array(channels)
    // One region of 7 x 7; four of 4 x 4 from 0 and 3; nine of 3 x 3 from 0, 2 and 4.
    const regions = { 7: [0], 4: [0, 3], 3: [0, 2, 4] }
    for (const [size, starts] of Object.entries(regions)) {
      for (const top of starts) {
        for (const left of starts) {
          const means = Array.from({ length: channels }, (_, channel) => {
            let cubes = 0
            for (let y = top; y < top + Number(size); y++) {
              for (let x = left; x < left + Number(size); x++) {
                cubes += Math.max(0, map[(y * side + x) * channels + channel] ?? 0) ** 3
              }
            }
            return Math.cbrt(cubes / Number(size) ** 2)
          })
          const length = Math.hypot(...means)
          for (const [channel, mean] of means.entries()) sum[channel] = (sum[channel] ?? 0) + mean / length
        }
      }
    }
    expect(Math.hypot(...ours)).toBeCloseTo(1, 5)
    expect(cosineOf(ours, sum)).toBeGreaterThan(0.99999)
  })
})

describe('the heads', () => {
  it('apply the matrices of the model file and weight each half at unit length', () => {
    const [net, colour] = [toUnitLength(numbers(576, 1)), toUnitLength(numbers(COLOUR_DIMENSIONS, 2))]
    const both = [...net.map(value => value * Math.sqrt(0.75)), ...colour.map(value => value * 0.5)]
    const project = (input: ArrayLike<number>, name: string) => {
      const mean: Tensor = tensors(`${name}.mean`)
      const { shape, values }: Tensor = tensors(`${name}.matrix`)
      const outputs = shape[1] ?? 0
      const projected = Array.from({ length: 248 }, (_, output) => {
        let dot = 0
        for (let i = 0; i < input.length; i++) {
          dot += ((input[i] ?? 0) - (mean.values[i] ?? 0)) * (values[i * outputs + output] ?? 0)
        }
        return dot
      })
      const length = Math.hypot(...projected)
      return projected.map(value => value / length)
    }
    const expected = [
      ...project(both, 'instance').map(value => value * Math.sqrt(0.4)),
      ...project(net, 'semantic').map(value => value * Math.sqrt(0.6)),
    ]
    const ours = loadHeads(kernels, tensors)(net, colour)
    expect(ours).toHaveLength(496)
    for (const [i, value] of expected.entries()) expect(Math.abs((ours[i] ?? Number.NaN) - value)).toBeLessThan(1e-4)
  })

  it('give the kind more weight through the semantic half alone', () => {
    const leaning = leanTowardsKind(new Float32Array(496).fill(1))
    const [instance = 0, semantic = 0] = [leaning[247], leaning[248]]
    expect((instance ** 2 * 0.4) / (semantic ** 2 * 0.6)).toBeCloseTo(0.2 / 0.8, 5)
    const vector = loadHeads(kernels, tensors)(numbers(576, 7), numbers(COLOUR_DIMENSIONS, 8))
    // The cosine of a picture with itself, if one side gives the kind more weight.
    expect(cosineOf(leanTowardsKind(vector), vector)).toBeCloseTo(0.976, 3)
  })
})

describe('the colours of a picture', () => {
  const side = 96
  const flat = (red: number, green: number, blue: number) =>
    Uint8Array.from({ length: side * side * 3 }, (_, i) => [red, green, blue][i % 3] ?? 0)
  const likeness = (a: Uint8Array, b: Uint8Array) => cosineOf(colourHistogram(a, side), colourHistogram(b, side))

  it('are 490 numbers at unit length', () => {
    const histogram = colourHistogram(flat(10, 200, 90), side)
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
