/** The built-in model: a network that separates the product from its surroundings, and heads that add colour. */
import { type ColourHistograms, colourHistograms } from '../crops/colour.ts'
import { foregroundBox } from '../crops/foreground-box.ts'
import { findThings } from '../crops/things.ts'
import { turnCells, turnLeft, turnPixels, turnRight } from '../crops/turns.ts'
import type { DescribePicture } from '../model.ts'
import { capCosine, meanOf, toInt8 } from '../vector.ts'
import { FOREGROUND_SIDE } from './foreground.ts'
import { type Descriptors, loadHeads } from './heads.ts'
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

  const vectorOf = (projected: Float32Array, maxCosine = 1) => toInt8(capCosine(heads.compress(projected), maxCosine))

  return async (picture, purpose) => {
    const square = squareOf(picture)
    // The next square overwrites it.
    const turns =
      purpose === 'query'
        ? [turnRight, turnLeft].map(turn => [turn, turnPixels(square.rgb, INPUT_SIDE, turn)] as const)
        : []
    const whole = network.describe(network.trunk(square.rgb))
    const colours = colourHistograms(square.colours, whole.foreground)
    const looks = [descriptorsOf(whole, colours)]
    const box = foregroundBox(whole.foreground, picture)
    if (box) {
      const part = squareOf(picture, box)
      const description = network.describe(network.trunk(part.rgb))
      looks.push(descriptorsOf(description, colourHistograms(part.colours, description.foreground)))
    }
    const upright = looks.length
    for (const [turn, rgb] of turns) {
      const foreground = turnCells(whole.foreground, FOREGROUND_SIDE, turn)
      // A turn changes no colours.
      looks.push(descriptorsOf(network.describe(network.trunk(rgb), foreground), colours))
    }
    const projected = heads.project(looks)
    const mean = meanOf(projected.slice(0, upright))
    if (purpose === 'index') return { vectors: [vectorOf(mean)], regions: [] }
    return {
      vectors: [
        vectorOf(heads.leanTowardsKind(mean)),
        ...projected.slice(upright).map(look => vectorOf(look, TURNED_COSINE)),
      ],
      regions: findThings(whole.foreground),
    }
  }
}

function descriptorsOf({ product, picture }: Description, colours: ColourHistograms): Descriptors {
  return { product, picture, colours: colours.picture, productColours: colours.product }
}
