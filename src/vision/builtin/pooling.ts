/** Turns a feature map into one descriptor by regional (R-MAC) generalised-mean pooling. */
import { toUnitLength } from '../vector.ts'
import type { Kernels } from './kernels.ts'
import type { FeatureMap } from './mobilenet.ts'

/** Each grid covers the map with N x N overlapping square regions. */
const GRIDS = [1, 2, 3] as const

/** @returns one number per channel, at unit length. */
export type Pooling = (map: FeatureMap) => Float32Array

/**
 * Sums the regions' generalised means (power 3, so that strong responses count most), each at unit length. With
 * regions, a part of the picture counts as much as the whole, which survives a crop. After "Particular object retrieval
 * with integral max-pooling of CNN activations" (arXiv:1511.05879).
 * @param maxChannels channels of the widest map.
 */
export function createPooling(kernels: Kernels, maxChannels: number): Pooling {
  const sums = kernels.reserve(maxChannels)
  return ({ address, side, channels }) => {
    const descriptor = new Float32Array(channels)
    for (const grid of GRIDS) {
      const { size, starts } = gridRegions(grid, side)
      for (const top of starts) {
        for (const left of starts) {
          kernels.regionCubes(address, sums, side, channels, top, left, size)
          // The mean's divisor is the same for all channels, so the scaling to unit length removes it.
          const region = toUnitLength(kernels.view(sums, channels).map(Math.cbrt))
          for (let c = 0; c < channels; c++) descriptor[c] = (descriptor[c] ?? 0) + (region[c] ?? 0)
        }
      }
    }
    return toUnitLength(descriptor)
  }
}

/** `starts` holds on both axes. */
function gridRegions(grid: number, side: number): { size: number; starts: number[] } {
  if (grid === 1) return { size: side, starts: [0] }
  const size = Math.max(1, Math.floor((2 * side) / (grid + 1)))
  return { size, starts: Array.from({ length: grid }, (_, i) => Math.round((i * (side - size)) / (grid - 1))) }
}
