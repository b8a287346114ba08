import type { Box } from '../../pictures/decoder/box.ts'
import { type Raster, squareOf } from '../../pictures/decoder/decode.ts'
import type { EmbedPurpose } from '../embedder.ts'
import type { Crop } from '../model.ts'
import { colourHistograms } from './colour.ts'
import { colourGridOf } from './colour-grid.ts'
import { findContent } from './content-box.ts'
import { findSalient } from './salient-box.ts'
import { turnLeft, turnPixels, turnRight } from './turns.ts'

/** Crops whose mean becomes one vector. */
export interface CropGroup {
  readonly crops: readonly Crop[]
  /** Whether the kind of product counts more than in an indexed picture. */
  readonly favoursKind: boolean
  /** The cosine of a perfect match, 0..1. */
  readonly maxCosine: number
}

/**
 * Crops unlike those of indexed pictures find more right and more wrong products: among similar kinds (shirts and
 * skirts), rotated crops at full weight lose 3 of 100 places to wrong products. With these limits they lose none, and
 * everything that was rotated or cropped is still found.
 */
const PART_COSINE = 0.9
const ROTATED_COSINE = 0.8

/**
 * The index has the mean of the whole picture and its salient part, so that surroundings count half. A query has
 * - the same, with more weight on the kind: of ten offers, 5.3 instead of 5.0 are of the right kind, and no copy is
 *   lost;
 * - the whole alone, for a close-up of a product that the other picture shows smaller;
 * - the content alone if there are plain margins: 90 instead of 19 of 100 screenshots of shop pages are found first;
 * - the two quarter turns, because buyers photograph sideways.
 * Measured without a gain: mirroring (which the heads have learned), upside down, crops of the centre.
 */
export async function cropGroupsOf(picture: Raster, side: number, purpose: EmbedPurpose): Promise<CropGroup[]> {
  const rgb = await squareOf(picture, side)
  const whole = { rgb, colour: coloursOf(rgb, side) }
  const crop = async (box: Box | null): Promise<Crop[]> => {
    if (!box) return []
    const part = await squareOf(picture, side, box)
    return [{ rgb: part, colour: coloursOf(part, side) }]
  }
  const both = [whole, ...(await crop(findSalient(rgb, side, picture)))]
  if (purpose === 'index') return [{ crops: both, favoursKind: false, maxCosine: 1 }]
  const content = await crop(findContent(rgb, side, picture))
  // Rotation changes no colours.
  const rotated = [turnRight, turnLeft].map(turn => ({ rgb: turnPixels(rgb, side, turn), colour: whole.colour }))
  return [
    { crops: both, favoursKind: true, maxCosine: 1 },
    ...[whole, ...content].map(part => ({ crops: [part], favoursKind: false, maxCosine: PART_COSINE })),
    ...rotated.map(crop => ({ crops: [crop], favoursKind: false, maxCosine: ROTATED_COSINE })),
  ]
}

function coloursOf(rgb: Uint8Array, side: number): Float32Array {
  return colourHistograms(colourGridOf(rgb, side)).picture
}
