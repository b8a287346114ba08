/** The built-in network with what reads its maps: where the product is, and the descriptors of product and picture. */
import { FOREGROUND_SIDE, loadForeground } from './foreground.ts'
import type { Kernels } from './kernels.ts'
import { type FeatureMap, loadNetwork } from './mobilenet.ts'
import { LAST } from './mobilenet-layers.ts'
import type { ModelPart, TensorSource } from './model-file.ts'
import { createPooling } from './pooling.ts'

/** Surroundings count a little, for a product that the foreground misses. */
const LEAST_WEIGHT = 0.05

/** Of the last map. */
const SIDE = FOREGROUND_SIDE / 2

export interface Description {
  /** The probability that each cell of 14 x 14 shows the product. */
  readonly foreground: Float32Array
  /** Pooled over the product: 576 numbers at unit length. */
  readonly product: Float32Array
  /** Pooled over the whole picture, likewise. */
  readonly picture: Float32Array
}

export interface BuiltinNetwork {
  /** @returns see Network.trunk. */
  trunk(rgb: Uint8Array): FeatureMap
  /** @param map of `trunk`. @param foreground if it is known already. */
  describe(map: FeatureMap, foreground?: Float32Array): Description
}

export function loadBuiltinNetwork(
  kernels: Kernels,
  { backbone, top, foreground: head }: Pick<Record<ModelPart, TensorSource>, 'backbone' | 'top' | 'foreground'>,
): BuiltinNetwork {
  const network = loadNetwork(kernels, backbone, { tensors: top, folded: true })
  const findForeground = loadForeground(kernels, head)
  const pool = createPooling(kernels, SIDE ** 2 * LAST.output, LAST.output)
  return {
    trunk: network.trunk,
    describe(map, known) {
      const foreground = known ?? findForeground(map)
      const last = network.top(map)
      return { foreground, picture: pool(last), product: pool(last, weightsOf(foreground)) }
    },
  }
}

/** The mean of each 2 x 2 cells. */
function weightsOf(foreground: Float32Array): Float32Array {
  return Float32Array.from({ length: SIDE ** 2 }, (_, pixel) => {
    const at = 2 * (Math.floor(pixel / SIDE) * FOREGROUND_SIDE + (pixel % SIDE))
    const [a = 0, b = 0] = foreground.subarray(at, at + 2)
    const [c = 0, d = 0] = foreground.subarray(at + FOREGROUND_SIDE, at + FOREGROUND_SIDE + 2)
    return LEAST_WEIGHT + ((1 - LEAST_WEIGHT) * (a + b + c + d)) / 4
  })
}
