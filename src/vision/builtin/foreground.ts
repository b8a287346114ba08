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
  const [padded, paddedWide] = [
    kernels.reserve((FOREGROUND_SIDE + 2) ** 2 * INPUT),
    kernels.reserve((FOREGROUND_SIDE + 4) ** 2 * WIDE),
  ]
  const [wide, narrow] = [kernels.reserve(PIXELS * WIDE), kernels.reserve(PIXELS * NARROW)]
  const contextMeans = kernels.reserve(NARROW)
  const { hardSwish } = ACTIVATION_CODES

  return ({ address }) => {
    const map = kernels.view(address, PIXELS * INPUT)
    pad(kernels, address, INPUT, 3, padded)
    kernels.convolution(padded, first.weights, first.bias, wide, FOREGROUND_SIDE, 3, INPUT, WIDE, hardSwish)
    pad(kernels, wide, WIDE, 5, paddedWide)
    kernels.convolution(paddedWide, second.weights, second.bias, narrow, FOREGROUND_SIDE, 5, WIDE, NARROW, hardSwish)
    return probabilities(map, kernels.view(narrow, PIXELS * NARROW))
  }

  /** The last 1 x 1, over the second map without its mean, and the map from the trunk. */
  function probabilities(map: Float32Array, context: Float32Array): Float32Array {
    const means = kernels.view(contextMeans, NARROW)
    kernels.channelMeans(narrow, contextMeans, PIXELS, NARROW)
    const shown = new Float32Array(PIXELS)
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      let sum = bias
      for (let c = 0; c < NARROW; c++) {
        sum += ((context[pixel * NARROW + c] ?? 0) - (means[c] ?? 0)) * (weights[c] ?? 0)
      }
      for (let c = 0; c < INPUT; c++) sum += (map[pixel * INPUT + c] ?? 0) * (weights[NARROW + c] ?? 0)
      shown[pixel] = 1 / (1 + Math.exp(-sum))
    }
    return shown
  }
}

/** Copies a map between margins of zeros, which stay as they are. */
function pad(kernels: Kernels, map: number, channels: number, kernel: number, padded: number): void {
  const rowLength = FOREGROUND_SIDE * channels
  const padding = (kernel - 1) / 2
  const side = FOREGROUND_SIDE + 2 * padding
  const from = kernels.view(map, PIXELS * channels)
  const to = kernels.view(padded, side ** 2 * channels)
  for (let y = 0; y < FOREGROUND_SIDE; y++) {
    to.set(from.subarray(y * rowLength, (y + 1) * rowLength), ((y + padding) * side + padding) * channels)
  }
}
