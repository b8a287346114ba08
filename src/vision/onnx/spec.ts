/** Reads the JSON description of a user's ONNX model. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'

const threeNumbers = z.tuple([z.number(), z.number(), z.number()])

const settingsSchema = z.strictObject({
  /** Side of the input square, in pixels. */
  size: z.int().min(16).max(1024),
  /** Of red, green and blue, on a scale of 0..1. */
  mean: threeNumbers.default([0, 0, 0]),
  deviation: threeNumbers.default([1, 1, 1]),
  /** Order of the input's axes, and of a feature map's at the output. */
  layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
  /** Default: the first output. */
  output: z.string().optional(),
  /** How an output of several positions becomes one vector; `gem` is the generalised mean of power 3. */
  pooling: z.enum(['none', 'first', 'mean', 'gem']).default('none'),
})

export type OnnxSettings = z.output<typeof settingsSchema>

export interface OnnxModel {
  readonly file: string
  readonly settings: OnnxSettings
}

const EXAMPLE =
  '{"size": 224, "mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225], "layout": "NCHW", "pooling": "none"}'

/**
 * @param file an ONNX file, described by `FILE.json` or by the same name with `.json` instead of `.onnx`.
 * @returns the model, and an id that changes with its bytes and its settings.
 * @throws AppError `config_invalid`.
 */
export async function readOnnxModel(file: string): Promise<{ id: string; model: OnnxModel }> {
  const model = { file: path.resolve(file), settings: await readSettings(file) }
  const hash = createHash('sha256').update(JSON.stringify(model.settings))
  try {
    const chunks: AsyncIterable<unknown> = createReadStream(model.file)
    for await (const chunk of chunks) if (chunk instanceof Uint8Array) hash.update(chunk)
  } catch (cause) {
    throw invalid(`Cannot read the ONNX file ${quoted(file)}.`, 'Set the embedder to onnx:/path/to/model.onnx.', cause)
  }
  return { id: `onnx-${hash.digest('hex').slice(0, 16)}/1`, model }
}

async function readSettings(file: string): Promise<OnnxSettings> {
  const text = await readFile(`${file}.json`, 'utf8')
    .catch(() => readFile(file.replace(/\.onnx$/i, '.json'), 'utf8'))
    .catch(cause => {
      throw invalid(
        'The JSON description of the ONNX file is missing.',
        `Put ${path.basename(file)}.json next to it: ${EXAMPLE}`,
        cause,
      )
    })
  const parsed = settingsSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(
    `The JSON description of the ONNX file is invalid at "${issue?.path.join('.') ?? ''}".`,
    `Write it like this: ${EXAMPLE}`,
    parsed.error,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function invalid(message: string, hint: string, cause: unknown): AppError {
  return new AppError({ code: 'config_invalid', message, hint, cause })
}
