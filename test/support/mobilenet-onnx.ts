/** The built-in network as an ONNX model: the same weights, but none of the runner's code. */
import type { TensorSource } from '../../src/vision/builtin/model-file.ts'
import { type OnnxInitializer, type OnnxNode, writeOnnx } from './onnx-writer.ts'

// Kernel, expanded, output, squeeze and excite, hard swish, stride: repeated here to find mistakes in the product's
// table.
const BLOCKS = [
  [3, 16, 16, true, false, 2],
  [3, 72, 24, false, false, 2],
  [3, 88, 24, false, false, 1],
  [5, 96, 40, true, true, 2],
  [5, 240, 40, true, true, 1],
  [5, 240, 40, true, true, 1],
  [5, 120, 48, true, true, 1],
  [5, 144, 48, true, true, 1],
  [5, 288, 96, true, true, 2],
  [5, 576, 96, true, true, 1],
  [5, 576, 96, true, true, 1],
] as const

/** Blocks that the present model does not share with the previous one: the last three, and the last convolution. */
const FIRST_TUNED = 8

/**
 * The network from `input` [1, 3, 224, 224] to `features` [1, 576, 7, 7].
 * @param tuned weights of the last blocks, whose batch normalisation is folded in; `null` for those of `trunk`.
 */
export function mobilenetOnnx(trunk: TensorSource, tuned: TensorSource | null): Uint8Array {
  const nodes: OnnxNode[] = []
  const initializers: OnnxInitializer[] = []
  let tensors = trunk
  let isFolded = false
  const constant = (name: string) => {
    initializers.push({ name, ...tensors(name) })
    return name
  }
  const node = (op: string, inputs: string[], attributes: OnnxNode['attributes'] = {}, output = `n${nodes.length}`) => {
    nodes.push({ op, inputs, output, attributes })
    return output
  }
  const convolve = (input: string, name: string, kernel: number, stride: number, group = 1) => {
    const pad = (kernel - 1) / 2
    const attributes = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    }
    if (isFolded) return node('Conv', [input, constant(`${name}.weight`), constant(`${name}.bias`)], attributes)
    const convolved = node('Conv', [input, constant(`${name}.0.weight`)], attributes)
    const parts = ['weight', 'bias', 'running_mean', 'running_var'].map(part => constant(`${name}.1.${part}`))
    return node('BatchNormalization', [convolved, ...parts], { epsilon: { float: 0.001 } })
  }
  const activate = (input: string, isHardSwish: boolean) => node(isHardSwish ? 'HardSwish' : 'Relu', [input])
  const exciteChannels = (input: string, name: string) => {
    const linear = (from: string, layer: string) =>
      node('Conv', [from, constant(`${name}.${layer}.weight`), constant(`${name}.${layer}.bias`)], {
        kernel_shape: [1, 1],
      })
    const squeezed = node('Relu', [linear(node('GlobalAveragePool', [input]), 'fc1')])
    const gates = node('HardSigmoid', [linear(squeezed, 'fc2')], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } })
    return node('Mul', [input, gates])
  }

  let current = activate(convolve('input', 'features.0', 3, 2), true)
  let channels = 16
  for (const [index, [kernel, expanded, output, isGated, isHardSwish, stride]] of BLOCKS.entries()) {
    if (tuned && index === FIRST_TUNED) [tensors, isFolded] = [tuned, true]
    const block = `features.${index + 1}.block`
    let part = 0
    let inner = current
    if (expanded !== channels) inner = activate(convolve(inner, `${block}.${part++}`, 1, 1), isHardSwish)
    inner = activate(convolve(inner, `${block}.${part++}`, kernel, stride, expanded), isHardSwish)
    if (isGated) inner = exciteChannels(inner, `${block}.${part++}`)
    inner = convolve(inner, `${block}.${part}`, 1, 1)
    current = stride === 1 && channels === output ? node('Add', [inner, current]) : inner
    channels = output
  }
  node('HardSwish', [convolve(current, 'features.12', 1, 1)], {}, 'features')
  return writeOnnx({
    nodes,
    initializers,
    input: { name: 'input', shape: [1, 3, 224, 224] },
    output: { name: 'features', shape: [1, 576, 7, 7] },
  })
}

/** The foreground head from `map` [1, 48, 14, 14] to `foreground` [1, 1, 14, 14]. */
export function foregroundOnnx(tensors: TensorSource): Uint8Array {
  const initializers = ['a', 'b', 'c'].flatMap(layer =>
    [`${layer}.weight`, `${layer}.bias`].map(name => ({ name, ...tensors(name) })),
  )
  const convolve = (layer: string, input: string, output: string, kernel: number): OnnxNode => {
    const pad = (kernel - 1) / 2
    const attributes = { kernel_shape: [kernel, kernel], pads: [pad, pad, pad, pad] }
    return { op: 'Conv', inputs: [input, `${layer}.weight`, `${layer}.bias`], output, attributes }
  }
  const node = (op: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => {
    return { op, inputs, output, attributes }
  }
  return writeOnnx({
    nodes: [
      convolve('a', 'map', 'wide', 3),
      node('HardSwish', ['wide'], 'wideActive'),
      convolve('b', 'wideActive', 'narrow', 5),
      node('HardSwish', ['narrow'], 'narrowActive'),
      node('GlobalAveragePool', ['narrowActive'], 'mean'),
      node('Sub', ['narrowActive', 'mean'], 'context'),
      node('Concat', ['context', 'map'], 'both', { axis: 1 }),
      convolve('c', 'both', 'logits', 1),
      node('Sigmoid', ['logits'], 'foreground'),
    ],
    initializers,
    input: { name: 'map', shape: [1, 48, 14, 14] },
    output: { name: 'foreground', shape: [1, 1, 14, 14] },
  })
}
