/** The built-in model of earlier releases: it embeds queries for rows whose vector has not been remade. */
import type { PictureModel } from '../../model.ts'
import { loadKernels, readKernels } from '../kernels.ts'
import { INPUT_SIDE, loadNetwork } from '../mobilenet.ts'
import { LAST } from '../mobilenet-layers.ts'
import { readModel } from '../model-file.ts'
import { createPooling } from '../pooling.ts'
import { leanTowardsKind, loadPreviousHeads } from './heads.ts'

/** Numbers in the network's last map. */
const MAP_LENGTH = 7 * 7 * LAST.output

/** See `loadBuiltinModel`. */
export async function loadPreviousModel(modelDir: string, distDir: string): Promise<PictureModel> {
  const [{ backbone, previousHeads }, wasm] = await Promise.all([
    readModel(modelDir, ['backbone', 'previousHeads']),
    readKernels(distDir),
  ])
  const kernels = await loadKernels(wasm)
  const network = loadNetwork(kernels, backbone, { tensors: backbone, folded: false })
  const pool = createPooling(kernels, MAP_LENGTH, LAST.output)
  const project = loadPreviousHeads(kernels, previousHeads)
  return {
    side: INPUT_SIDE,
    embed: async ({ rgb, colour }) => project(pool(network.top(network.trunk(rgb))), colour),
    towardsKind: leanTowardsKind,
  }
}
