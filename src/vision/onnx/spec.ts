/** The description of a user's own model: the JSON beside an ONNX file. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { AppError } from '../../errors.ts'

const threeNumbers = z.tuple([z.number(), z.number(), z.number()])

const settingsSchema = z.strictObject({
  /** Side of the square that the model looks at, pixels. */
  size: z.int().min(16).max(1024),
  /** Of red, green and blue, where bytes count as 0..1. */
  mean: threeNumbers.default([0, 0, 0]),
  deviation: threeNumbers.default([1, 1, 1]),
  /** Order of the input's axes, and of a feature map's at the output. */
  layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
  /** Name of the output; the first where left out. */
  output: z.string().optional(),
  /** How an output of many positions becomes one vector: taken as it is, first token, mean, or generalised mean (power 3). */
  pooling: z.enum(['none', 'first', 'mean', 'gem']).default('none'),
})

/** How pictures go into a model and a vector comes out. */
export type OnnxSettings = z.output<typeof settingsSchema>

export interface OnnxModel {
  readonly file: string
  readonly settings: OnnxSettings
}

const EXAMPLE =
  '{"size": 224, "mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225], "layout": "NCHW", "pooling": "none"}'

/**
 * Reads a model's description and names the model by its contents.
 * @param file the ONNX file; `FILE.json`, or the same name with `.json` in place of `.onnx`, describes it.
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
    throw invalid('The ONNX file of the embedder cannot be read.', 'Write onnx:/path/to/model.onnx.', cause)
  }
  return { id: `onnx-${hash.digest('hex').slice(0, 16)}/1`, model }
}

async function readSettings(file: string): Promise<OnnxSettings> {
  const text = await readFile(`${file}.json`, 'utf8')
    .catch(() => readFile(file.replace(/\.onnx$/i, '.json'), 'utf8'))
    .catch(cause => {
      throw invalid(
        'There is no JSON description beside the ONNX file.',
        `Write ${path.basename(file)}.json beside it: ${EXAMPLE}`,
        cause,
      )
    })
  const parsed = settingsSchema.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalid(
    `The JSON description beside the ONNX file is not valid at "${issue?.path.join('.') ?? ''}".`,
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
