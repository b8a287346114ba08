/** Turns a feature map into one descriptor by regional (R-MAC) generalised-mean pooling. */
import { toUnitLength } from '../vector.ts'
import type { Kernels } from './kernels.ts'
import type { FeatureMap } from './mobilenet.ts'

/** Each grid covers the map with N x N overlapping square regions. */
const GRIDS = [1, 2, 3] as const

/**
 * @param weights of the pixels, 0..1: how much each counts. Default: all count the same.
 * @returns one number per channel, at unit length.
 */
export type Pooling = (map: FeatureMap, weights?: Float32Array) => Float32Array

/**
 * Sums the regions' generalised means (power 3, so that strong responses count most), each at unit length. With
 * regions, a part of the picture counts as much as the whole, which survives a crop. After "Particular object retrieval
 * with integral max-pooling of CNN activations" (arXiv:1511.05879). Weights multiply the cubes, and a region counts as
 * much as its pixels on average.
 * @param maxLength numbers in the largest map. @param maxChannels channels of the widest one.
 */
export function createPooling(kernels: Kernels, maxLength: number, maxChannels: number): Pooling {
  const [weighted, factors] = [kernels.reserve(maxLength), kernels.reserve(maxLength / maxChannels)]
  const [roots, sums] = [kernels.reserve(maxChannels), kernels.reserve(maxChannels)]

  /** The kernel cubes its input, so a weight's cube root goes in. */
  function weigh({ address, side, channels }: FeatureMap, weights: Float32Array): number {
    kernels.view(factors, side ** 2).set(weights.map(Math.cbrt))
    kernels.weigh(address, factors, weighted, side ** 2, channels)
    return weighted
  }

  return (map, weights) => {
    const { side, channels } = map
    const address = weights ? weigh(map, weights) : map.address
    const descriptor = kernels.view(sums, channels).fill(0)
    for (const grid of GRIDS) {
      const { size, starts } = gridRegions(grid, side)
      for (const top of starts) {
        for (const left of starts) {
          // A mean's divisor is the same for all channels, so the kernel, which gives each region a length, sums.
          const share = weights ? meanWeight(weights, side, top, left, size) : 1
          kernels.addRegion(address, roots, sums, side, channels, top, left, size, share)
        }
      }
    }
    return toUnitLength(descriptor.slice())
  }
}

function meanWeight(weights: Float32Array, side: number, top: number, left: number, size: number): number {
  let sum = 0
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) sum += weights[y * side + x] ?? 0
  }
  return sum / size ** 2
}

/** `starts` holds on both axes. */
function gridRegions(grid: number, side: number): { size: number; starts: number[] } {
  if (grid === 1) return { size: side, starts: [0] }
  const size = Math.max(1, Math.floor((2 * side) / (grid + 1)))
  return { size, starts: Array.from({ length: grid }, (_, i) => Math.round((i * (side - size)) / (grid - 1))) }
}
