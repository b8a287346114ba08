/** The layers of MobileNetV3-Small, with the names of their weights in the model file. */

/** An inverted bottleneck: 1 x 1 expansion, depthwise filter, squeeze-and-excite, 1 x 1 projection. */
export interface Block {
  /** `features.N` in the model file. */
  readonly name: string
  /** Channels. If `expanded` equals `input`, there is no expansion. */
  readonly input: number
  readonly expanded: number
  readonly output: number
  /** Side of the depthwise kernel, in pixels. */
  readonly kernel: 3 | 5
  readonly stride: 1 | 2
  /** Channels of the squeeze-and-excite bottleneck; 0 if there is none. */
  readonly squeezed: number
  readonly activation: 'relu' | 'hardSwish'
}

type Row = readonly [Block['kernel'], number, number, number, Block['activation'], Block['stride']]

// Table 2 of "Searching for MobileNetV3" (arXiv:1905.02244), with squeeze widths as rounded by torchvision:
// kernel, expanded, output, squeezed, activation, stride.
const ROWS: readonly Row[] = [
  [3, 16, 16, 8, 'relu', 2],
  [3, 72, 24, 0, 'relu', 2],
  [3, 88, 24, 0, 'relu', 1],
  [5, 96, 40, 24, 'hardSwish', 2],
  [5, 240, 40, 64, 'hardSwish', 1],
  [5, 240, 40, 64, 'hardSwish', 1],
  [5, 120, 48, 32, 'hardSwish', 1],
  [5, 144, 48, 40, 'hardSwish', 1],
  [5, 288, 96, 72, 'hardSwish', 2],
  [5, 576, 96, 144, 'hardSwish', 1],
  [5, 576, 96, 144, 'hardSwish', 1],
]

/** The first convolution (3 x 3, stride 2). */
export const STEM = { name: 'features.0', input: 3, output: 16 } as const

export const BLOCKS: readonly Block[] = ROWS.map(([kernel, expanded, output, squeezed, activation, stride], index) => ({
  name: `features.${index + 1}`,
  input: ROWS[index - 1]?.[2] ?? STEM.output,
  expanded,
  output,
  kernel,
  stride,
  squeezed,
  activation,
}))

/** Blocks that all versions of the model share; the others were trained further. */
export const TRUNK_BLOCKS: readonly Block[] = BLOCKS.slice(0, 8)
export const TOP_BLOCKS: readonly Block[] = BLOCKS.slice(8)

/** The last convolution (1 x 1). */
export const LAST = { name: 'features.12', input: 96, output: 576 } as const

/** The value that the model was trained with. */
export const BATCH_NORM_EPSILON = 0.001

/** Channels that the depthwise kernel filters at a time. */
export const DEPTHWISE_GROUP = 8
