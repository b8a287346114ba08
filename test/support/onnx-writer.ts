/**
 * Writes small ONNX models for tests: the few protobuf messages of
 * https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */

export interface OnnxNode {
  op: string
  inputs: readonly string[]
  output: string
  attributes?: Readonly<Record<string, number | readonly number[] | { float: number }>>
}

export interface OnnxInitializer {
  name: string
  shape: readonly number[]
  values: Float32Array
}

export interface OnnxGraph {
  nodes: readonly OnnxNode[]
  initializers: readonly OnnxInitializer[]
  input: { name: string; shape: readonly number[] }
  output: { name: string; shape: readonly number[]; type?: number }
}

const FLOAT = 1
/** ONNX's number for half precision. */
export const FLOAT16 = 10
const ATTRIBUTE_TYPES = { float: 1, int: 2, ints: 7 } as const

/** Operator set 14. */
export function writeOnnx({ nodes, initializers, input, output }: OnnxGraph): Uint8Array {
  const graph = [
    ...nodes.map(node => field(1, writeNode(node))),
    field(2, text('graph')),
    ...initializers.map(({ name, shape, values }) =>
      field(5, [
        ...shape.map(length => int(1, length)),
        int(2, FLOAT),
        field(8, text(name)),
        field(9, [new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]),
      ]),
    ),
    field(11, writeValue(input)),
    field(12, writeValue(output)),
  ]
  return Buffer.concat([int(1, 7), field(7, graph), field(8, [field(1, text('')), int(2, 14)])])
}

function writeNode({ op, inputs, output, attributes = {} }: OnnxNode): Uint8Array[] {
  return [
    ...inputs.map(name => field(1, text(name))),
    field(2, text(output)),
    field(3, text(output)),
    field(4, text(op)),
    ...Object.entries(attributes).map(([name, value]) => field(5, [field(1, text(name)), ...writeAttribute(value)])),
  ]
}

function writeAttribute(value: number | readonly number[] | { float: number }): Uint8Array[] {
  if (typeof value === 'number') return [int(3, value), int(20, ATTRIBUTE_TYPES.int)]
  if ('float' in value) {
    const bytes = Buffer.alloc(5)
    bytes.writeUInt8((2 << 3) | 5)
    bytes.writeFloatLE(value.float, 1)
    return [bytes, int(20, ATTRIBUTE_TYPES.float)]
  }
  return [...value.map(item => int(8, item)), int(20, ATTRIBUTE_TYPES.ints)]
}

function writeValue({ name, shape, type = FLOAT }: OnnxGraph['output']): Uint8Array[] {
  const dimensions = shape.map(length => field(1, [int(1, length)]))
  return [field(1, text(name)), field(2, [field(1, [int(1, type), field(2, dimensions)])])]
}

/** Text, packed data or a message. */
function field(number: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  return Buffer.concat([varint((number << 3) | 2), varint(body.length), body])
}

function int(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number << 3), varint(value)])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return Uint8Array.from([...bytes, rest])
}

function text(value: string): Uint8Array[] {
  return [Buffer.from(value)]
}
