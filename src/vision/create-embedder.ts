import path from 'node:path'
import { AppError } from '../errors.ts'
import { quoted } from '../offers/text.ts'
import type { DecoderPool } from '../pictures/decoder/pool.ts'
import { BUILTIN_ID, PREVIOUS_ID } from './builtin/id.ts'
import type { Embedder, EmbedPurpose } from './embedder.ts'
import type { ModelChoice } from './worker/model-choice.ts'

const COLOUR: ModelChoice = { kind: 'colour' }

export interface EmbedderOptions {
  /** `builtin`, `onnx:FILE` or the http(s) URL of an embedding service. */
  spec: string
  /** The package's `assets`, which contains `model/`. */
  assetsDir: string
  /** The package's `dist`, which contains the kernels. */
  distDir: string
  /** Loads the model in its process. Closed by its owner. */
  decoder: DecoderPool
}

/**
 * Loads no model and opens no socket before the first picture.
 * @throws AppError `config_invalid` for an unknown `spec`, or an ONNX model that is missing or has no description.
 */
export async function createEmbedder({ spec, assetsDir, distDir, decoder }: EmbedderOptions): Promise<Embedder> {
  const embedWith = (model: ModelChoice) => ({
    embed: (bytes: Uint8Array, purpose: EmbedPurpose, signal?: AbortSignal) =>
      decoder.embed(bytes, { model, purpose }, { owner: ownerOf(purpose), signal }),
    close: async () => undefined,
  })
  if (spec === 'builtin') {
    const modelDir = path.join(assetsDir, 'model')
    const previous = { id: PREVIOUS_ID, ...embedWith({ kind: 'previous', modelDir, distDir }) }
    return { id: BUILTIN_ID, ...embedWith({ kind: 'builtin', modelDir, distDir }), previous }
  }
  const [, onnxFile] = /^onnx:(.+)$/.exec(spec) ?? []
  if (onnxFile !== undefined) {
    const { readOnnxModel } = await import('./onnx/spec.ts')
    const { id, model } = await readOnnxModel(onnxFile)
    return { id, ...embedWith({ kind: 'onnx', model }) }
  }
  if (/^https?:\/\//i.test(spec) && URL.canParse(spec)) {
    const { createServiceClient } = await import('./service/client.ts')
    const { createServiceEmbedder } = await import('./service/embedder.ts')
    return createServiceEmbedder({
      url: spec,
      client: createServiceClient({ url: spec }),
      coloursOf: async (bytes, purpose, signal) =>
        decoder.embed(bytes, { model: COLOUR, purpose: 'index' }, { owner: ownerOf(purpose), signal }),
    })
  }
  throw new AppError({
    code: 'config_invalid',
    message: `Invalid --embedder (MCP1688_EMBEDDER): ${quoted(spec)} is not an embedder.`,
    hint: 'Set it to builtin, onnx:/path/to/model.onnx or the http(s) URL of an embedding service.',
  })
}

function ownerOf(purpose: EmbedPurpose): 'caller' | 'listing' {
  return purpose === 'query' ? 'caller' : 'listing'
}
