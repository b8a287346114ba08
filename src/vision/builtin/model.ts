/** The built-in model: MobileNetV3-Small, regional pooling, and heads that add colour. */
import { readFile } from 'node:fs/promises'
import type { PictureModel } from '../model.ts'
import { leanTowardsKind, loadHeads } from './heads.ts'
import { loadKernels } from './kernels.ts'
import { INPUT_SIDE, loadBackbone } from './mobilenet.ts'
import { LAST } from './mobilenet-layers.ts'
import { readModel } from './model-file.ts'
import { createPooling } from './pooling.ts'

/**
 * @param modelDir `assets/model` of the package.
 * @param wasmFile the compiled `assembly/nn.ts`.
 * @throws AppError `internal` if the files are missing or damaged.
 */
export async function loadBuiltinModel(modelDir: string, wasmFile: string): Promise<PictureModel> {
  const [{ backbone, heads }, wasm] = await Promise.all([readModel(modelDir), readFile(wasmFile)])
  const kernels = await loadKernels(wasm)
  const runBackbone = loadBackbone(kernels, backbone)
  const pool = createPooling(kernels, LAST.output)
  const project = loadHeads(kernels, heads)
  return {
    side: INPUT_SIDE,
    embed: async ({ rgb, colour }) => project(pool(runBackbone(rgb)), colour),
    towardsKind: leanTowardsKind,
  }
}
