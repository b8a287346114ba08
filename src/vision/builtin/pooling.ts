/** Makes one descriptor of a feature map: regional (R-MAC) over generalised-mean pooling. */
import { toUnitLength } from '../vector.ts'
import type { Kernels } from './kernels.ts'
import type { FeatureMap } from './mobilenet.ts'

/** Grids of overlapping square regions that cover the map: one, two by two, three by three. */
const GRIDS = [1, 2, 3] as const

/** Pools a feature map to one number a channel, at unit length. */
export type Pooling = (map: FeatureMap) => Float32Array

/**
 * Makes the pooling: each region's generalised mean (power 3, so that strong responses count most) at unit length, summed over the
 * regions. Regions make a part of the picture count as much as the whole, which is what survives a crop.
 * After "Particular object retrieval with integral max-pooling of CNN activations" (arXiv:1511.05879).
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
          // The mean's divisor is the same for all channels and goes with the scaling to unit length.
          const region = toUnitLength(kernels.view(sums, channels).map(Math.cbrt))
          for (let c = 0; c < channels; c++) descriptor[c] = (descriptor[c] ?? 0) + (region[c] ?? 0)
        }
      }
    }
    return toUnitLength(descriptor)
  }
}

/** Side of a grid's regions, and where they start along either axis. */
function gridRegions(grid: number, side: number): { size: number; starts: number[] } {
  if (grid === 1) return { size: side, starts: [0] }
  const size = Math.max(1, Math.floor((2 * side) / (grid + 1)))
  return { size, starts: Array.from({ length: grid }, (_, i) => Math.round((i * (side - size)) / (grid - 1))) }
}
