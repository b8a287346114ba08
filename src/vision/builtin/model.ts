/** The built-in model: a network that separates the product from its surroundings, and heads that add colour. */
import { type Colours, colourHistogram, productHistogram, readColours } from '../crops/colour.ts'
import { foregroundBox } from '../crops/foreground-box.ts'
import { findThings } from '../crops/things.ts'
import { turnCells, turnLeft, turnPixels, turnRight } from '../crops/turns.ts'
import type { DescribePicture } from '../model.ts'
import { capCosine, meanOf, toInt8 } from '../vector.ts'
import { FOREGROUND_SIDE } from './foreground.ts'
import { loadHeads } from './heads.ts'
import { type Kernels, loadKernels, readKernels } from './kernels.ts'
import { INPUT_SIDE } from './mobilenet.ts'
import { type ModelPart, readModel, type TensorSource } from './model-file.ts'
import { type Description, loadBuiltinNetwork } from './network.ts'
import { createSquares } from './squares.ts'

/**
 * The cosine of a perfect match with a turned picture. At full weight, among similar kinds (shirts and skirts), turned
 * pictures lose 3 of 100 places to wrong products.
 */
const TURNED_COSINE = 0.8

/**
 * The index has the mean of the whole picture and its foreground, so that surroundings count less. A query has the same
 * with more weight on the kind, and the two quarter turns, because buyers photograph sideways.
 * @param modelDir `assets/model` of the package.
 * @param distDir the package's `dist`, which contains the kernels.
 * @throws AppError `internal` if the files are missing or damaged.
 */
export async function loadBuiltinModel(modelDir: string, distDir: string): Promise<DescribePicture> {
  const [parts, wasm] = await Promise.all([
    readModel(modelDir, ['backbone', 'top', 'foreground', 'heads']),
    readKernels(distDir),
  ])
  return describeWith(await loadKernels(wasm), parts)
}

export function describeWith(
  kernels: Kernels,
  parts: Pick<Record<ModelPart, TensorSource>, 'backbone' | 'top' | 'foreground' | 'heads'>,
): DescribePicture {
  const network = loadBuiltinNetwork(kernels, parts)
  const heads = loadHeads(kernels, parts.heads)
  const squareOf = createSquares(kernels, INPUT_SIDE)

  const project = ({ product, picture }: Description, colours: Colours, foreground: Float32Array) =>
    heads.project({
      product,
      picture,
      colours: colourHistogram(colours),
      productColours: productHistogram(colours, foreground),
    })
  const vectorOf = (projected: Float32Array, maxCosine = 1) => toInt8(capCosine(heads.compress(projected), maxCosine))

  return async (picture, purpose) => {
    const rgb = squareOf(picture)
    const colours = readColours(rgb, INPUT_SIDE)
    const whole = network.describe(network.trunk(rgb))
    const looks = [project(whole, colours, whole.foreground)]
    const box = foregroundBox(whole.foreground, picture)
    if (box) {
      const part = squareOf(picture, box)
      const described = network.describe(network.trunk(part))
      looks.push(project(described, readColours(part, INPUT_SIDE), described.foreground))
    }
    const mean = meanOf(looks)
    if (purpose === 'index') return { vectors: [vectorOf(mean)], regions: [] }
    const turned = [turnRight, turnLeft].map(turn => {
      const foreground = turnCells(whole.foreground, FOREGROUND_SIDE, turn)
      // A turn changes no colours.
      return project(
        network.describe(network.trunk(turnPixels(rgb, INPUT_SIDE, turn)), foreground),
        colours,
        whole.foreground,
      )
    })
    return {
      vectors: [vectorOf(heads.leanTowardsKind(mean)), ...turned.map(look => vectorOf(look, TURNED_COSINE))],
      regions: findThings(whole.foreground),
    }
  }
}
