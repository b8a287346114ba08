/** The heads of the previous model: two projections that turn raw descriptors into the vector that is compared. */
import { joinWeighted, toUnitLength } from '../../vector.ts'
import type { Kernels } from '../kernels.ts'
import type { TensorSource } from '../model-file.ts'

/** Share of colour in the input of the instance head; a larger one ruins finding products of the same kind. */
const COLOUR_SHARE = 0.25
/** Share of the instance half (the same product); the rest is the semantic half (the same kind). */
const INSTANCE_SHARE = 0.4
/** The same for a query by kind. */
const KIND_INSTANCE_SHARE = 0.2
/** Of the 256 components of each half, by weight; with the 16 that `capCosine` needs, that makes 512. */
const COMPONENTS = 248

/**
 * Joins a network descriptor and a colour histogram to one unit vector.
 * @param net network descriptor, 576 numbers at unit length.
 * @param colour histogram, 490 numbers at unit length.
 */
export type PreviousHeads = (net: Float32Array, colour: Float32Array) => Float32Array

/**
 * The projections whiten what differs between views of one product, then keep the directions in which products differ.
 * They were fitted in closed form on altered copies of public photos.
 */
export function loadPreviousHeads(kernels: Kernels, tensors: TensorSource): PreviousHeads {
  const instance = loadProjection(kernels, tensors, 'instance')
  const semantic = loadProjection(kernels, tensors, 'semantic')
  return (net, colour) => {
    const both = joinWeighted([
      [1 - COLOUR_SHARE, net],
      [COLOUR_SHARE, colour],
    ])
    return joinWeighted([
      [INSTANCE_SHARE, instance(both)],
      [1 - INSTANCE_SHARE, semantic(net)],
    ])
  }
}

/** Gives the semantic half of a vector of {@link loadPreviousHeads}, or of a mean of such vectors, more weight. */
export function leanTowardsKind(vector: Float32Array): Float32Array {
  const instance = Math.sqrt(KIND_INSTANCE_SHARE / INSTANCE_SHARE)
  const semantic = Math.sqrt((1 - KIND_INSTANCE_SHARE) / (1 - INSTANCE_SHARE))
  return vector.map((value, i) => value * (i < COMPONENTS ? instance : semantic))
}

function loadProjection(kernels: Kernels, tensors: TensorSource, name: string): (input: Float32Array) => Float32Array {
  const mean = tensors(`${name}.mean`).values
  const { shape, values } = tensors(`${name}.matrix`)
  const [inputs = 0, outputs = 0] = shape
  const weights = kernels.put(values)
  const noBias = kernels.reserve(outputs)
  const [centred, projected] = [kernels.reserve(inputs), kernels.reserve(outputs)]
  return input => {
    kernels.view(centred, inputs).set(input.map((value, i) => value - (mean[i] ?? 0)))
    kernels.pointwise(centred, weights, noBias, projected, 1, inputs, outputs, 0)
    return toUnitLength(kernels.view(projected, outputs).slice(0, COMPONENTS))
  }
}
