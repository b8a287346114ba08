/** Runs a user's ONNX model on the runtime that is installed. */
import { readFile } from 'node:fs/promises'
import { AppError } from '../../errors.ts'
import type { PictureModel } from '../model.ts'
import { joinWithColour, toUnitLength } from '../vector.ts'
import type { OnnxModel, OnnxSettings } from './spec.ts'

/** Native first, because it is several times faster. */
const RUNTIMES = ['onnxruntime-node', 'onnxruntime-web'] as const

/** What this file uses of both runtimes. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads?: number } }
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => OnnxTensor
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> }
}
interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(inputs: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>
}
interface OnnxTensor {
  readonly type: string
  readonly data: ArrayLike<unknown>
  readonly dims: readonly number[]
}

/**
 * Three quarters of a vector come from the model, one quarter is colour.
 * @throws AppError `config_invalid` if no runtime is installed or the model does not load.
 */
export async function loadOnnxModel({ file, settings }: OnnxModel): Promise<PictureModel> {
  const runtime = await importRuntime()
  const session = await openSession(runtime, file)
  const [input] = session.inputNames
  const output = settings.output ?? session.outputNames[0]
  if (input === undefined || output === undefined || !session.outputNames.includes(output)) {
    throw doesNotFit(`Its outputs are named ${session.outputNames.join(', ').slice(0, 200)}.`)
  }
  const { size, layout } = settings
  const dims = layout === 'NCHW' ? [1, 3, size, size] : [1, size, size, 3]
  return {
    side: size,
    towardsKind: vector => vector,
    async embed({ rgb, colour }) {
      const tensor = new runtime.Tensor('float32', toInput(rgb, settings), dims)
      const results = await session.run({ [input]: tensor }).catch(cause => {
        throw doesNotFit('Check size and layout in the JSON description.', cause)
      })
      const result = results[output]
      // Runtimes return half-precision floats as raw bits, which would pass for numbers.
      if (result?.type !== 'float32') throw doesNotFit('Name an output of 32-bit floats in the JSON description.')
      return joinWithColour(toUnitLength(poolOutput(result, settings)), colour)
    },
  }
}

async function importRuntime(): Promise<Runtime> {
  let reason: unknown
  // Optional peers, so that users of the built-in model need not install hundreds of megabytes.
  for (const name of RUNTIMES) {
    try {
      const module: unknown = await import(name)
      const runtime = asRuntime(module)
      runtime.env.wasm.numThreads = 1
      return runtime
    } catch (cause) {
      reason ??= cause
    }
  }
  throw new AppError({
    code: 'config_invalid',
    message: 'An ONNX model is configured, but no ONNX runtime is installed.',
    hint: `Install one next to mcp-1688: npm install ${RUNTIMES[0]} (or ${RUNTIMES[1]}).`,
    cause: reason,
  })
}

/** A CommonJS build exports everything under `default`. */
function asRuntime(module: unknown): Runtime {
  if (isRuntime(module)) return module
  if (typeof module === 'object' && module !== null && 'default' in module && isRuntime(module.default))
    return module.default
  throw new Error('the ONNX runtime has no InferenceSession')
}

function isRuntime(module: unknown): module is Runtime {
  return typeof module === 'object' && module !== null && 'InferenceSession' in module
}

async function openSession(runtime: Runtime, file: string): Promise<Session> {
  try {
    return await runtime.InferenceSession.create(await readFile(file))
  } catch (cause) {
    throw doesNotFit('Check that the file is a complete ONNX model.', cause)
  }
}

function doesNotFit(hint: string, cause?: unknown): AppError {
  return new AppError({
    code: 'config_invalid',
    message: 'The ONNX model does not load or does not fit its JSON description.',
    hint,
    cause,
  })
}

function toInput(rgb: Uint8Array, { size, mean, deviation, layout }: OnnxSettings): Float32Array {
  const pixels = size ** 2
  const input = new Float32Array(pixels * 3)
  for (let channel = 0; channel < 3; channel++) {
    const [centre = 0, spread = 1] = [mean[channel], deviation[channel]]
    const [start, step] = layout === 'NCHW' ? [channel * pixels, 1] : [channel, 3]
    for (let pixel = 0; pixel < pixels; pixel++) {
      input[start + pixel * step] = ((rgb[pixel * 3 + channel] ?? 0) / 255 - centre) / spread
    }
  }
  return input
}

/** Returns [1, D] as it is, and pools the positions of [1, positions, D], [1, H, W, D] or [1, D, H, W]. */
function poolOutput({ data, dims }: OnnxTensor, { pooling, layout }: OnnxSettings): Float32Array {
  const values = Float32Array.from(data, Number)
  const isChannelsFirst = dims.length === 4 && layout === 'NCHW'
  const channels = (isChannelsFirst ? dims[1] : dims.at(-1)) ?? values.length
  if (pooling === 'none' || values.length <= channels) return values
  const positions = values.length / channels
  const at = (position: number, channel: number) =>
    values[isChannelsFirst ? channel * positions + position : position * channels + channel] ?? 0
  const power = pooling === 'gem' ? 3 : 1
  return Float32Array.from({ length: channels }, (_, channel) => {
    if (pooling === 'first') return at(0, channel)
    let sum = 0
    for (let position = 0; position < positions; position++) {
      const value = at(position, channel)
      sum += pooling === 'gem' ? Math.max(0, value) ** power : value
    }
    return (sum / positions) ** (1 / power)
  })
}
