import path from 'node:path'
import { createDecoderPool, type DecoderPool, type DecoderPoolOptions } from '../../src/pictures/decoder/pool.ts'
import { createEmbedder } from '../../src/vision/create-embedder.ts'
import type { Embedder } from '../../src/vision/embedder.ts'
import { ASSETS_DIR, DIST_DIR } from './package-dirs.ts'

/** With the built entry. */
export function createBuiltDecoder(options: Partial<DecoderPoolOptions> = {}): DecoderPool {
  return createDecoderPool({ entryFile: path.join(DIST_DIR, 'decoder.js'), ...options })
}

/** With a decoder of its own, which is closed with it. */
export async function openEmbedder(spec = 'builtin', distDir = DIST_DIR): Promise<Embedder> {
  const decoder = createBuiltDecoder({
    entryFile: path.join(distDir, 'decoder.js'),
    hasOwnModel: spec.startsWith('onnx:'),
  })
  const embedder = await createEmbedder({ spec, assetsDir: ASSETS_DIR, distDir, decoder })
  return { ...embedder, close: async () => void (await Promise.all([decoder.close(), embedder.close()])) }
}
