/** Owns choosing the embedder that the configuration names. */
import path from 'node:path'
import type { Logger } from '../log.ts'
import { BUILTIN_DIMENSIONS, BUILTIN_ID } from './builtin-id.ts'
import type { Embedder } from './embedder.ts'
import { createPictureWorker } from './picture-worker.ts'

/** What {@link createEmbedder} needs. */
export interface EmbedderOptions {
  /** `builtin`, `onnx:FILE` or the http(s) URL of an embedding service. */
  spec: string
  /** The package's `assets`: holds `model/`. */
  assetsDir: string
  /** The package's `dist`: holds `nn.wasm` and `embed-worker.js`. */
  distDir: string
  logger?: Logger
}

/** Makes the embedder. Nothing is loaded before the first picture. */
export async function createEmbedder({ spec, assetsDir, distDir, logger }: EmbedderOptions): Promise<Embedder> {
  const workerFile = path.resolve(distDir, 'embed-worker.js')
  void spec
  const worker = createPictureWorker({
    workerFile,
    model: { kind: 'builtin', modelDir: path.join(assetsDir, 'model'), wasmFile: path.join(distDir, 'nn.wasm') },
    logger,
  })
  return { id: BUILTIN_ID, dimensions: BUILTIN_DIMENSIONS, embed: worker.embed, close: worker.close }
}
