/** Runs MobileNetV3-Small on the WebAssembly kernels. */
import type { Kernels } from './kernels.ts'
import { BLOCKS, DEPTHWISE_GROUP, LAST, STEM } from './mobilenet-layers.ts'
import { type PlacedBlock, placeStem, placeTop, placeTrunk, type TopWeights } from './mobilenet-weights.ts'
import type { TensorSource } from './model-file.ts'

/** `side` x `side` pixels of `channels` numbers each. */
export interface FeatureMap {
  /** In the kernels' memory. */
  readonly address: number
  readonly side: number
  readonly channels: number
}

export interface Network {
  /**
   * The stem and the first eight blocks.
   * @param rgb 8-bit sRGB, {@link INPUT_SIDE} squared, three bytes per pixel.
   * @returns a map of 14 x 14 x 48, overwritten by the next run of either part.
   */
  trunk(rgb: Uint8Array): FeatureMap
  /** The other blocks. @param map of `trunk`. @returns a map of 7 x 7 x 576, overwritten by the next run. */
  top(map: FeatureMap): FeatureMap
}

/** In pixels. */
export const INPUT_SIDE = 224

// Mean and deviation of red, green and blue over ImageNet, on which the network was trained.
const MEAN = [0.485, 0.456, 0.406] as const
const DEVIATION = [0.229, 0.224, 0.225] as const

/** As `activate` in assembly/nn.ts numbers them. */
export const ACTIVATION_CODES = { none: 0, relu: 1, hardSwish: 2 } as const

/** @param tensors the weights by their names in torchvision. @param topWeights see {@link placeTop}. */
export function loadNetwork(kernels: Kernels, tensors: TensorSource, topWeights: TopWeights): Network {
  const stem = placeStem(kernels, tensors)
  const trunkBlocks = placeTrunk(kernels, tensors)
  const { blocks: topBlocks, last } = placeTop(kernels, topWeights)
  const normalise = placeInput(kernels)
  const mapLength = largestMap()
  const maps = [kernels.reserve(mapLength), kernels.reserve(mapLength)] as const
  const filtered = kernels.reserve(mapLength)
  const padded = kernels.reserve(largestPadded())
  const [means, squeezed] = [kernels.reserve(LAST.output), kernels.reserve(LAST.output)]

  /** Reads the map at `from` and writes one to `to`, using it in between as well. @returns the side of the new map. */
  function runBlock(placed: PlacedBlock, side: number, from: number, to: number): number {
    const { block, expand, depthwise, gates, project } = placed
    const { expanded, output, stride } = block
    const activation = ACTIVATION_CODES[block.activation]
    const outSide = Math.ceil(side / stride)
    const pixels = outSide ** 2
    if (expand) {
      kernels.pointwise(from, expand.weights, expand.bias, to, side ** 2, block.input, expanded, activation)
    }
    const { weights, bias } = depthwise
    const wide = expand ? to : from
    kernels.depthwise(wide, weights, bias, padded, filtered, side, expanded, block.kernel, stride, activation)
    if (gates) {
      const { squeeze, excite } = gates
      const { relu, none } = ACTIVATION_CODES
      kernels.channelMeans(filtered, means, pixels, expanded)
      kernels.pointwise(means, squeeze.weights, squeeze.bias, squeezed, 1, expanded, block.squeezed, relu)
      kernels.pointwise(squeezed, excite.weights, excite.bias, means, 1, block.squeezed, expanded, none)
      kernels.gate(filtered, means, pixels, expanded)
    }
    kernels.pointwise(filtered, project.weights, project.bias, to, pixels, expanded, output, ACTIVATION_CODES.none)
    if (stride === 1 && block.input === output) kernels.add(to, from, pixels * output)
    return outSide
  }

  /** @returns the map after all of `blocks`, in one of the two buffers. */
  function runBlocks(blocks: readonly PlacedBlock[], start: FeatureMap): FeatureMap {
    let map = start
    for (const placed of blocks) {
      const to = map.address === maps[0] ? maps[1] : maps[0]
      const side = runBlock(placed, map.side, map.address, to)
      map = { address: to, side, channels: placed.block.output }
    }
    return map
  }

  return {
    trunk(rgb) {
      kernels.stem(normalise(rgb), stem.weights, stem.bias, maps[0], INPUT_SIDE)
      return runBlocks(trunkBlocks, { address: maps[0], side: INPUT_SIDE / 2, channels: STEM.output })
    },
    top(start) {
      const { address, side } = runBlocks(topBlocks, start)
      const { weights, bias } = last
      const { hardSwish } = ACTIVATION_CODES
      kernels.pointwise(address, weights, bias, filtered, side ** 2, LAST.input, LAST.output, hardSwish)
      return { address: filtered, side, channels: LAST.output }
    },
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

/** @returns the numbers in the largest map of a group between zeros. */
function largestPadded(): number {
  let side = INPUT_SIDE / 2
  return BLOCKS.reduce((largest, { kernel, stride }) => {
    const padded = (side + kernel - 1) ** 2 * DEPTHWISE_GROUP
    side = Math.ceil(side / stride)
    return Math.max(largest, padded)
  }, 0)
}

/** @returns what writes a picture as the network was trained to see it. @returns the address that it was written to. */
function placeInput(kernels: Kernels): (rgb: Uint8Array) => number {
  const pixels = Array.from({ length: 4 })
  const scales = kernels.put(Float32Array.from(pixels.flatMap(() => DEVIATION.map(deviation => 1 / (255 * deviation)))))
  const shifts = kernels.put(
    Float32Array.from(pixels.flatMap(() => MEAN.map((mean, channel) => -mean / (DEVIATION[channel] ?? 1)))),
  )
  const length = INPUT_SIDE ** 2 * STEM.input
  const [input, normalised] = [kernels.reserve(length / 4 + 1), kernels.reserve((INPUT_SIDE + 1) ** 2 * STEM.input)]
  return rgb => {
    kernels.bytes(input, length).set(rgb)
    kernels.normalise(input, scales, shifts, normalised, INPUT_SIDE)
    return normalised
  }
}
