/** Runs MobileNetV3-Small on the WebAssembly kernels. */
import type { Kernels } from './kernels.ts'
import { BLOCKS, LAST, STEM } from './mobilenet-layers.ts'
import { type PlacedBlock, placeNetwork } from './mobilenet-weights.ts'
import type { TensorSource } from './model-file.ts'

/** `side` x `side` pixels of `channels` numbers each. */
export interface FeatureMap {
  /** In the kernels' memory; overwritten by the next run. */
  readonly address: number
  readonly side: number
  readonly channels: number
}

/** @param rgb 8-bit sRGB, {@link INPUT_SIDE} squared, three bytes per pixel. @returns the last feature map. */
export type Backbone = (rgb: Uint8Array) => FeatureMap

/** In pixels. */
export const INPUT_SIDE = 224

// Mean and deviation of red, green and blue over ImageNet, on which the network was trained.
const MEAN = [0.485, 0.456, 0.406] as const
const DEVIATION = [0.229, 0.224, 0.225] as const

/** As `activate` in assembly/nn.ts numbers them. */
const ACTIVATION_CODES = { none: 0, relu: 1, hardSwish: 2 } as const

/** @param tensors the weights by their names in torchvision. */
export function loadBackbone(kernels: Kernels, tensors: TensorSource): Backbone {
  const network = placeNetwork(kernels, tensors)
  const input = kernels.reserve(INPUT_SIDE ** 2 * STEM.input)
  const mapLength = largestMap()
  const buffers = {
    current: kernels.reserve(mapLength),
    inner: kernels.reserve(mapLength),
    filtered: kernels.reserve(mapLength),
  }
  const [means, squeezed] = [kernels.reserve(LAST.output), kernels.reserve(LAST.output)]

  /** Reads the map at `current` and writes one to `inner`. @returns the side of the new map. */
  function runBlock(placed: PlacedBlock, side: number, { current, inner, filtered }: typeof buffers): number {
    const { block, expand, depthwise, gates, project } = placed
    const { expanded, output, stride } = block
    const activation = ACTIVATION_CODES[block.activation]
    const outSide = Math.ceil(side / stride)
    const pixels = outSide ** 2
    if (expand) {
      kernels.pointwise(current, expand.weights, expand.bias, inner, side ** 2, block.input, expanded, activation)
    }
    const wide = expand ? inner : current
    const { weights, bias } = depthwise
    kernels.depthwise(wide, weights, bias, filtered, side, expanded, block.kernel, stride, outSide, activation)
    if (gates) {
      const { squeeze, excite } = gates
      const { relu, none } = ACTIVATION_CODES
      kernels.channelMeans(filtered, means, pixels, expanded)
      kernels.pointwise(means, squeeze.weights, squeeze.bias, squeezed, 1, expanded, block.squeezed, relu)
      kernels.pointwise(squeezed, excite.weights, excite.bias, means, 1, block.squeezed, expanded, none)
      kernels.gate(filtered, means, pixels, expanded)
    }
    kernels.pointwise(filtered, project.weights, project.bias, inner, pixels, expanded, output, ACTIVATION_CODES.none)
    if (stride === 1 && block.input === output) kernels.add(inner, current, pixels * output)
    return outSide
  }

  return rgb => {
    normalise(rgb, kernels.view(input, INPUT_SIDE ** 2 * STEM.input))
    let { current, inner } = buffers
    const { filtered } = buffers
    kernels.stem(input, network.stem.weights, network.stem.bias, current, INPUT_SIDE)
    let side = INPUT_SIDE / 2
    for (const placed of network.blocks) {
      side = runBlock(placed, side, { current, inner, filtered })
      ;[current, inner] = [inner, current]
    }
    const { weights, bias } = network.last
    kernels.pointwise(current, weights, bias, filtered, side ** 2, LAST.input, LAST.output, ACTIVATION_CODES.hardSwish)
    return { address: filtered, side, channels: LAST.output }
  }
}

/** @returns the numbers in the largest map between two layers. */
function largestMap(): number {
  let side = INPUT_SIDE / 2
  const lengths = [side ** 2 * STEM.output]
  for (const { expanded, stride } of BLOCKS) {
    lengths.push(side ** 2 * expanded)
    side = Math.ceil(side / stride)
  }
  return Math.max(...lengths, side ** 2 * LAST.output)
}

function normalise(rgb: Uint8Array, into: Float32Array): void {
  for (let channel = 0; channel < 3; channel++) {
    const deviation = DEVIATION[channel] ?? 1
    const scale = 1 / (255 * deviation)
    const shift = -(MEAN[channel] ?? 0) / deviation
    for (let i = channel; i < into.length; i += 3) into[i] = (rgb[i] ?? 0) * scale + shift
  }
}
