/** The shape of MobileNetV3-Small: what the runner walks, and the names that its weights have in the model file. */

/** An inverted bottleneck: expand by 1 x 1, filter each channel, weigh the channels, project by 1 x 1. */
export interface Block {
  /** `features.N` in the model file. */
  readonly name: string
  /** Channels in, inside and out. Where `expanded` equals `input` there is no expansion. */
  readonly input: number
  readonly expanded: number
  readonly output: number
  /** Side of the depthwise kernel, pixels. */
  readonly kernel: 3 | 5
  readonly stride: 1 | 2
  /** Channels of the squeeze-and-excite bottleneck; 0 where there is none. */
  readonly squeezed: number
  readonly activation: 'relu' | 'hardSwish'
}

type Row = readonly [Block['kernel'], number, number, number, Block['activation'], Block['stride']]

// Table 2 of "Searching for MobileNetV3" (arXiv:1905.02244), squeeze widths as torchvision rounds them:
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

/** The first convolution (3 x 3, stride 2): its name, and its channels in and out. */
export const STEM = { name: 'features.0', input: 3, output: 16 } as const

/** The eleven blocks, in order. */
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

/** The last 1 x 1 convolution: its name, and its channels in and out. */
export const LAST = { name: 'features.12', input: 96, output: 576 } as const

/** What is added to a variance before its root is taken; the value that the model was trained with. */
export const BATCH_NORM_EPSILON = 0.001
