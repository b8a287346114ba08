/** Projects the raw descriptors of a picture into the vector that is compared. */
import { joinWeighted, toUnitLength } from '../vector.ts'
import type { Kernels } from './kernels.ts'
import type { TensorSource } from './model-file.ts'

/** Each at unit length. */
export interface Descriptors {
  /** Pooled over the product: 576 numbers. */
  readonly product: Float32Array
  /** Pooled over the whole picture: 576 numbers. */
  readonly picture: Float32Array
  /** Colours of the whole picture and of its middle: 490 numbers. */
  readonly colours: Float32Array
  /** Colours of the product: 245 numbers. */
  readonly productColours: Float32Array
}

export interface Heads {
  /**
   * Three parts side by side: the item (what tells it from others of its kind), the kind, and the product's colours.
   * Such vectors may be averaged.
   * @param looks at most {@link MAX_LOOKS}, which share each reading of the matrices.
   */
  project(looks: readonly Descriptors[]): Float32Array[]
  /** Gives the kind more weight in a result of `project`, or a mean of such results. */
  leanTowardsKind(projected: Float32Array): Float32Array
  /** Turns a result of `project` into 496 numbers; nearly all of the distances between pictures is kept. */
  compress(projected: Float32Array): Float32Array
}

const WEIGHTS = { item: 0.3, kind: 0.5, colour: 0.2 } as const
/** The weights in a query by kind. */
const KIND_WEIGHTS = { item: 0.2, kind: 0.7, colour: 0.1 } as const
/** Components of the item's part; the kind's has as many. */
const COMPONENTS = 248

/** The whole picture, a part of it, and two turns. */
const MAX_LOOKS = 4

const NOTHING = new Float32Array(0)

/**
 * The projections whiten what differs between views of one product, then keep the directions in which products differ.
 * They were fitted in closed form on altered copies of public photos.
 */
export function loadHeads(kernels: Kernels, tensors: TensorSource): Heads {
  const item = loadCentredProjection(kernels, tensors, 'I')
  const kind = loadCentredProjection(kernels, tensors, 'K')
  const colourMean = tensors('M.mean').values
  const compress = loadProjection(kernels, tensors, 'V')
  return {
    project(looks) {
      const items = item(looks.map(inputOfItem))
      const kinds = kind(looks.map(inputOfKind))
      return looks.map(({ productColours }, look) =>
        joinWeighted([
          [WEIGHTS.item, toUnitLength(items[look] ?? NOTHING)],
          [WEIGHTS.kind, toUnitLength(kinds[look] ?? NOTHING)],
          [WEIGHTS.colour, toUnitLength(productColours.map((value, i) => value - (colourMean[i] ?? 0)))],
        ]),
      )
    },
    leanTowardsKind(projected) {
      const factor = (part: keyof typeof WEIGHTS) => Math.sqrt(KIND_WEIGHTS[part] / WEIGHTS[part])
      const [itemFactor, kindFactor, colourFactor] = [factor('item'), factor('kind'), factor('colour')]
      return projected.map((value, i) => {
        if (i < COMPONENTS) return value * itemFactor
        return value * (i < 2 * COMPONENTS ? kindFactor : colourFactor)
      })
    },
    compress: projected => compress([projected])[0] ?? NOTHING,
  }
}

function inputOfItem({ product, picture, colours, productColours }: Descriptors): Float32Array {
  return joinWeighted([
    [0.4, product],
    [0.35, picture],
    [0.1, colours],
    [0.15, productColours],
  ])
}

function inputOfKind({ product, picture }: Descriptors): Float32Array {
  return joinWeighted([
    [0.6, product],
    [0.4, picture],
  ])
}

type Projection = (inputs: readonly Float32Array[]) => Float32Array[]

function loadCentredProjection(kernels: Kernels, tensors: TensorSource, name: string): Projection {
  const mean = tensors(`${name}.mean`).values
  const project = loadProjection(kernels, tensors, `${name}.matrix`)
  return inputs => project(inputs.map(input => input.map((value, i) => value - (mean[i] ?? 0))))
}

function loadProjection(kernels: Kernels, tensors: TensorSource, name: string): Projection {
  const { shape, values } = tensors(name)
  const [inputs = 0, outputs = 0] = shape
  const weights = kernels.put(values)
  const noBias = kernels.reserve(outputs)
  const [from, to] = [kernels.reserve(MAX_LOOKS * inputs), kernels.reserve(MAX_LOOKS * outputs)]
  return vectors => {
    const view = kernels.view(from, vectors.length * inputs)
    for (const [look, vector] of vectors.entries()) view.set(vector, look * inputs)
    kernels.pointwise(from, weights, noBias, to, vectors.length, inputs, outputs, 0)
    return vectors.map((_, look) =>
      kernels.view(to, vectors.length * outputs).slice(look * outputs, (look + 1) * outputs),
    )
  }
}
