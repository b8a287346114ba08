import type { Box } from '../../pictures/decoder/box.ts'
import { type Raster, squareOf } from '../../pictures/decoder/decode.ts'
import type { EmbedPurpose } from '../embedder.ts'
import type { Crop } from '../model.ts'
import { colourHistogram } from './colour.ts'
import { findContent } from './content-box.ts'
import { findSalient } from './salient-box.ts'

/** The crops that make one vector, which is the mean of theirs. */
export interface CropGroup {
  readonly crops: readonly Crop[]
  /** Whether the vector leans towards the kind of thing; else item and kind count as in an indexed picture. */
  readonly favoursKind: boolean
  /** The cosine that a perfect match of it reaches, 0..1. */
  readonly maxCosine: number
}

/**
 * Crops that show something else than an indexed picture does find more, and more that is wrong: where kinds are told apart (shirts among
 * skirts), turned crops that count in full lose 3 of 100 places to strangers. With these limits none do, and everything that was turned or
 * cropped is still found.
 */
const PART_COSINE = 0.9
const TURNED_COSINE = 0.8

/**
 * What is embedded of a picture. The index keeps the mean of the whole and its salient part, so that the surroundings of a thing count half.
 * A query is
 * - the same, leaning towards the kind: of ten offers that are shown, 5.3 instead of 5.0 are of the right kind, and no copy is lost;
 * - the whole alone, for a picture that fills the frame with what the other one shows in part;
 * - the content alone where there are plain margins: that finds 90 of 100 screenshots of shop pages first instead of 19;
 * - the two quarter turns, because buyers photograph sideways.
 * Measured, and no gain beside these: mirrored (the heads have learned that), upside down, crops of the centre.
 */
export async function cropGroupsOf(picture: Raster, side: number, purpose: EmbedPurpose): Promise<CropGroup[]> {
  const rgb = await squareOf(picture, side)
  const whole = { rgb, colour: colourHistogram(rgb, side) }
  const crop = async (box: Box | null): Promise<Crop[]> => {
    if (!box) return []
    const part = await squareOf(picture, side, box)
    return [{ rgb: part, colour: colourHistogram(part, side) }]
  }
  const both = [whole, ...(await crop(findSalient(rgb, side, picture)))]
  if (purpose === 'index') return [{ crops: both, favoursKind: false, maxCosine: 1 }]
  const content = await crop(findContent(rgb, side, picture))
  // Turning changes no colours.
  const turned = [turnRight, turnLeft].map(turn => ({ rgb: turn(rgb, side), colour: whole.colour }))
  return [
    { crops: both, favoursKind: true, maxCosine: 1 },
    ...[whole, ...content].map(part => ({ crops: [part], favoursKind: false, maxCosine: PART_COSINE })),
    ...turned.map(turn => ({ crops: [turn], favoursKind: false, maxCosine: TURNED_COSINE })),
  ]
}

function turnRight(rgb: Uint8Array, side: number): Uint8Array {
  return rearrange(rgb, side, (x, y) => (side - 1 - x) * side + y)
}

function turnLeft(rgb: Uint8Array, side: number): Uint8Array {
  return rearrange(rgb, side, (x, y) => x * side + side - 1 - y)
}

/** A square whose pixel at (x, y) is the one that `from` names by its number. */
function rearrange(rgb: Uint8Array, side: number, from: (x: number, y: number) => number): Uint8Array {
  const arranged = new Uint8Array(rgb.length)
  for (let y = 0, at = 0; y < side; y++) {
    for (let x = 0; x < side; x++, at += 3) {
      const source = from(x, y) * 3
      arranged[at] = rgb[source] ?? 0
      arranged[at + 1] = rgb[source + 1] ?? 0
      arranged[at + 2] = rgb[source + 2] ?? 0
    }
  }
  return arranged
}
