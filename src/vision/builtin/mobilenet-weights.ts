/** Prepares weights for the kernels: folds batch normalisation, reorders axes, copies them into the kernels' memory. */
import type { Kernels } from './kernels.ts'
import { BATCH_NORM_EPSILON, BLOCKS, type Block, LAST, STEM } from './mobilenet-layers.ts'
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

export interface PlacedNetwork {
  readonly stem: Layer
  readonly blocks: readonly PlacedBlock[]
  readonly last: Layer
}

export function placeNetwork({ put }: Kernels, tensors: TensorSource): PlacedNetwork {
  const convolution = (name: string): Layer => {
    const { weights, bias } = foldBatchNorm(tensors, name)
    return { weights: put(outputsLast(weights)), bias: put(bias) }
  }
  const gateLayer = (name: string): Layer => ({
    weights: put(outputsLast(tensors(`${name}.weight`))),
    bias: put(tensors(`${name}.bias`).values),
  })
  const placeBlock = (block: Block): PlacedBlock => {
    let part = 0
    const next = () => `${block.name}.block.${part++}`
    const expand = block.expanded === block.input ? null : convolution(next())
    const depthwise = convolution(next())
    const gates = block.squeezed === 0 ? null : next()
    return {
      block,
      expand,
      depthwise,
      gates: gates === null ? null : { squeeze: gateLayer(`${gates}.fc1`), excite: gateLayer(`${gates}.fc2`) },
      project: convolution(next()),
    }
  }
  return { stem: convolution(STEM.name), blocks: BLOCKS.map(placeBlock), last: convolution(LAST.name) }
}

/** Merges a convolution (`NAME.0`) and its batch normalisation (`NAME.1`) into one convolution with a bias. */
function foldBatchNorm(tensors: TensorSource, name: string): { weights: Tensor; bias: Float32Array } {
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
