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

/** The network from `input` [1, 3, 224, 224] to `features` [1, 576, 7, 7]. */
export function mobilenetOnnx(tensors: TensorSource): Uint8Array {
  const nodes: OnnxNode[] = []
  const initializers: OnnxInitializer[] = []
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
    const convolved = node('Conv', [input, constant(`${name}.0.weight`)], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group,
    })
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
