/** Separates the product from its surroundings, on a coarse grid over the picture. */
import type { Kernels } from './kernels.ts'
import { ACTIVATION_CODES, type FeatureMap } from './mobilenet.ts'
import { placeConvolution } from './mobilenet-weights.ts'
import type { TensorSource } from './model-file.ts'

/** Cells per side of the grid. */
export const FOREGROUND_SIDE = 14

/** The probability that each cell shows the product, row by row. @param map of the network's trunk. */
export type Foreground = (map: FeatureMap) => Float32Array

/** Channels: 3 x 3 from the map to 64, 5 x 5 to 32, then 1 x 1 over these and the map. */
const INPUT = 48
const WIDE = 64
const NARROW = 32
const PIXELS = FOREGROUND_SIDE ** 2

export function loadForeground(kernels: Kernels, tensors: TensorSource): Foreground {
  const first = placeConvolution(kernels, tensors, 'a')
  const second = placeConvolution(kernels, tensors, 'b')
  const weights = tensors('c.weight').values
  const [bias = 0] = tensors('c.bias').values
  const patches = kernels.reserve(PIXELS * 25 * WIDE)
  const [wide, narrow] = [kernels.reserve(PIXELS * WIDE), kernels.reserve(PIXELS * NARROW)]
  const { hardSwish } = ACTIVATION_CODES

  return ({ address }) => {
    const map = kernels.view(address, PIXELS * INPUT)
    unfold(map, INPUT, 3, kernels.view(patches, PIXELS * 9 * INPUT))
    kernels.pointwise(patches, first.weights, first.bias, wide, PIXELS, 9 * INPUT, WIDE, hardSwish)
    unfold(kernels.view(wide, PIXELS * WIDE), WIDE, 5, kernels.view(patches, PIXELS * 25 * WIDE))
    kernels.pointwise(patches, second.weights, second.bias, narrow, PIXELS, 25 * WIDE, NARROW, hardSwish)
    const context = withoutMean(kernels.view(narrow, PIXELS * NARROW))
    return Float32Array.from({ length: PIXELS }, (_, pixel) => {
      let sum = bias
      for (let c = 0; c < NARROW; c++) sum += (context[pixel * NARROW + c] ?? 0) * (weights[c] ?? 0)
      for (let c = 0; c < INPUT; c++) sum += (map[pixel * INPUT + c] ?? 0) * (weights[NARROW + c] ?? 0)
      return 1 / (1 + Math.exp(-sum))
    })
  }
}

/** Lays out the K x K surroundings of each pixel one after the other, so that a pointwise product convolves them. */
function unfold(map: Float32Array, channels: number, kernel: number, into: Float32Array): void {
  const padding = (kernel - 1) / 2
  into.fill(0)
  for (let y = 0, patch = 0; y < FOREGROUND_SIDE; y++) {
    for (let x = 0; x < FOREGROUND_SIDE; x++, patch += kernel ** 2 * channels) {
      const left = Math.max(0, x - padding)
      const right = Math.min(FOREGROUND_SIDE, x + padding + 1)
      for (let row = 0; row < kernel; row++) {
        const from = (y + row - padding) * FOREGROUND_SIDE
        if (from < 0 || from >= PIXELS) continue
        const at = patch + (row * kernel + left - x + padding) * channels
        into.set(map.subarray((from + left) * channels, (from + right) * channels), at)
      }
    }
  }
}

/** Subtracts from each channel its mean over the grid. */
function withoutMean(map: Float32Array): Float32Array {
  const means = new Float32Array(NARROW)
  for (let i = 0; i < map.length; i++) means[i % NARROW] = (means[i % NARROW] ?? 0) + (map[i] ?? 0) / PIXELS
  return map.map((value, i) => value - (means[i % NARROW] ?? 0))
}
