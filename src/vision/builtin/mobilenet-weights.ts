/** Prepares weights for the kernels: folds batch normalisation, reorders axes, copies them into the kernels' memory. */
import type { Kernels } from './kernels.ts'
import {
  BATCH_NORM_EPSILON,
  type Block,
  DEPTHWISE_GROUP,
  LAST,
  STEM,
  TOP_BLOCKS,
  TRUNK_BLOCKS,
} from './mobilenet-layers.ts'
import type { Tensor, TensorSource } from './model-file.ts'

/** Byte addresses. */
export interface Layer {
  readonly weights: number
  readonly bias: number
}

export interface PlacedBlock {
  readonly block: Block
  readonly expand: Layer | null
  readonly depthwise: Layer
  readonly gates: { readonly squeeze: Layer; readonly excite: Layer } | null
  readonly project: Layer
}

/** A convolution by its name in torchvision, its batch normalisation folded in. */
type Convolution = (name: string) => { weights: Tensor; bias: Float32Array }

/** Weights of the last blocks: `folded` has a `weight` and a `bias` per convolution, others a batch normalisation. */
export interface TopWeights {
  readonly tensors: TensorSource
  readonly folded: boolean
}

export function placeStem(kernels: Kernels, tensors: TensorSource): Layer {
  return place(kernels, withBatchNorm(tensors)(STEM.name))
}

export function placeTrunk(kernels: Kernels, tensors: TensorSource): PlacedBlock[] {
  return TRUNK_BLOCKS.map(block => placeBlock(kernels, block, tensors, withBatchNorm(tensors)))
}

export function placeTop(kernels: Kernels, { tensors, folded }: TopWeights): { blocks: PlacedBlock[]; last: Layer } {
  const convolution: Convolution = folded ? name => weightAndBias(tensors, name) : withBatchNorm(tensors)
  const blocks = TOP_BLOCKS.map(block => placeBlock(kernels, block, tensors, convolution))
  return { blocks, last: place(kernels, convolution(LAST.name)) }
}

export function placeConvolution(kernels: Kernels, tensors: TensorSource, name: string): Layer {
  return place(kernels, weightAndBias(tensors, name))
}

function placeBlock(kernels: Kernels, block: Block, tensors: TensorSource, convolution: Convolution): PlacedBlock {
  let part = 0
  const next = () => `${block.name}.block.${part++}`
  const expand = block.expanded === block.input ? null : place(kernels, convolution(next()))
  const depthwise = placeDepthwise(kernels, convolution(next()))
  const gates = block.squeezed === 0 ? null : next()
  return {
    block,
    expand,
    depthwise,
    gates: gates === null ? null : placeGates(kernels, tensors, gates),
    project: place(kernels, convolution(next())),
  }
}

function placeGates(kernels: Kernels, tensors: TensorSource, name: string): PlacedBlock['gates'] {
  return {
    squeeze: placeConvolution(kernels, tensors, `${name}.fc1`),
    excite: placeConvolution(kernels, tensors, `${name}.fc2`),
  }
}

function place({ put }: Kernels, { weights, bias }: ReturnType<Convolution>): Layer {
  return { weights: put(outputsLast(weights)), bias: put(bias) }
}

function placeDepthwise({ put }: Kernels, { weights, bias }: ReturnType<Convolution>): Layer {
  return { weights: put(inGroups(weights)), bias: put(bias) }
}

function weightAndBias(tensors: TensorSource, name: string): ReturnType<Convolution> {
  return { weights: tensors(`${name}.weight`), bias: tensors(`${name}.bias`).values }
}

/** Merges a convolution (`NAME.0`) and its batch normalisation (`NAME.1`) into one convolution with a bias. */
function withBatchNorm(tensors: TensorSource): Convolution {
  return name => {
    const { shape, values } = tensors(`${name}.0.weight`)
    const [gain, variance, offset, mean] = ['weight', 'running_var', 'bias', 'running_mean'].map(
      part => tensors(`${name}.1.${part}`).values,
    )
    if (!gain || !variance || !offset || !mean) throw new Error(`${name} has no batch normalisation`)
    const scales = gain.map((value, output) => value / Math.sqrt((variance[output] ?? 0) + BATCH_NORM_EPSILON))
    const perOutput = values.length / scales.length
    return {
      weights: { shape, values: values.map((weight, i) => weight * (scales[Math.floor(i / perOutput)] ?? 0)) },
      bias: scales.map((scale, output) => (offset[output] ?? 0) - (mean[output] ?? 0) * scale),
    }
  }
}

/** From [out][in][row][column] to the kernels' [row][column][in][out]. */
function outputsLast({ shape: [outputs = 1, inputs = 1, rows = 1, columns = 1], values }: Tensor): Float32Array {
  const ordered = new Float32Array(values.length)
  const area = rows * columns
  for (let output = 0, from = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let cell = 0; cell < area; cell++, from++) {
        ordered[(cell * inputs + input) * outputs + output] = values[from] ?? 0
      }
    }
  }
  return ordered
}

/** From [channel][1][row][column] to the depthwise kernel's [group of channels][row][column][channel]. */
function inGroups({ shape: [channels = 1], values }: Tensor): Float32Array {
  const area = values.length / channels
  return values.map((_, to) => {
    const group = Math.floor(to / (DEPTHWISE_GROUP * area))
    const cell = Math.floor(to / DEPTHWISE_GROUP) % area
    return values[(group * DEPTHWISE_GROUP + (to % DEPTHWISE_GROUP)) * area + cell] ?? 0
  })
}
