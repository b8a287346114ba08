import path from 'node:path'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import { quoted } from '../offers/text.ts'
import { BUILTIN_ID } from './builtin/id.ts'
import type { Embedder } from './embedder.ts'
import type { ModelChoice } from './worker/messages.ts'
import { createPictureWorker } from './worker/queue.ts'

export interface EmbedderOptions {
  /** `builtin`, `onnx:FILE` or the http(s) URL of an embedding service. */
  spec: string
  /** The package's `assets`, which contains `model/`. */
  assetsDir: string
  /** The package's `dist`, which contains `nn.wasm` and `embed-worker.js`. */
  distDir: string
  logger?: Logger | undefined
}

/**
 * Loads no model and opens no socket before the first picture.
 * @throws AppError `config_invalid` for an unknown `spec`, or an ONNX model that is missing or has no description.
 */
export async function createEmbedder({ spec, assetsDir, distDir, logger }: EmbedderOptions): Promise<Embedder> {
  const workerFile = path.resolve(distDir, 'embed-worker.js')
  const startWorker = (model: ModelChoice) => createPictureWorker({ workerFile, model, logger })
  if (spec === 'builtin') {
    const [modelDir, wasmFile] = [path.join(assetsDir, 'model'), path.join(distDir, 'nn.wasm')]
    return { id: BUILTIN_ID, ...startWorker({ kind: 'builtin', modelDir, wasmFile }) }
  }
  const [, onnxFile] = /^onnx:(.+)$/.exec(spec) ?? []
  if (onnxFile !== undefined) {
    const { readOnnxModel } = await import('./onnx/spec.ts')
    const { id, model } = await readOnnxModel(onnxFile)
    return { id, ...startWorker({ kind: 'onnx', model }) }
  }
  if (/^https?:\/\//i.test(spec) && URL.canParse(spec)) {
    const { createServiceClient } = await import('./service/client.ts')
    const { createServiceEmbedder } = await import('./service/embedder.ts')
    return createServiceEmbedder({
      url: spec,
      client: createServiceClient({ url: spec }),
      worker: startWorker({ kind: 'colour' }),
    })
  }
  throw new AppError({
    code: 'config_invalid',
    message: `Unknown embedder ${quoted(spec)}.`,
    hint: 'Set it to builtin, onnx:/path/to/model.onnx or the http(s) URL of an embedding service.',
  })
}
