/** Owns which views of a picture are embedded. */
import type { Box } from '../../pictures/decoder/box.ts'
import { type Raster, squareOf } from '../../pictures/decoder/decode.ts'
import type { EmbedPurpose } from '../embedder.ts'
import { colourHistogram } from './colour.ts'
import { findContent } from './content-box.ts'
import { findSalient } from './salient-box.ts'

/** A square that a model looks at. */
export interface Look {
  /** 8-bit sRGB, three bytes a pixel. */
  readonly rgb: Uint8Array
  /** The colours of it, 490 numbers at unit length. */
  readonly colour: Float32Array
}

/** One vector's worth of a picture. */
export interface View {
  /** What is looked at; the vector is the mean. */
  readonly looks: readonly Look[]
  /** Whether it leans towards finding the kind of thing; else item and kind count as in what is kept. */
  readonly asksForKind: boolean
  /** What a full match of it counts, 0..1. */
  readonly worth: number
}

/**
 * Views that look elsewhere than what is kept find more, and more that is wrong: where kinds are told apart (shirts among skirts), turned
 * views that count in full lose 3 of 100 places to strangers. At these worths none do, and all that is turned or cut is still found.
 */
const PART_WORTH = 0.9
const TURNED_WORTH = 0.8

/**
 * The views of a picture. What is kept is the whole and its salient part together, so that what lies around a thing counts half. A query
 * looks at
 * - the same, leaning towards the kind: of ten that are shown, 5.3 instead of 5.0 are of the kind that was asked for, no copy is lost;
 * - the whole alone, for a picture that fills the frame with what the other one shows in part;
 * - the content alone where there are plain margins: of screenshots of shop pages that finds 90 of 100 first instead of 19;
 * - the two quarter turns, for buyers photograph sideways.
 * What was measured and gains nothing beside these: mirrored (the heads have learned that), upside down, crops of the centre.
 */
export async function viewsOf(picture: Raster, side: number, purpose: EmbedPurpose): Promise<View[]> {
  const rgb = await squareOf(picture, side)
  const whole = { rgb, colour: colourHistogram(rgb, side) }
  const crop = async (box: Box | null): Promise<Look[]> => {
    if (!box) return []
    const part = await squareOf(picture, side, box)
    return [{ rgb: part, colour: colourHistogram(part, side) }]
  }
  const both = [whole, ...(await crop(findSalient(rgb, side, picture)))]
  if (purpose === 'index') return [{ looks: both, asksForKind: false, worth: 1 }]
  const content = await crop(findContent(rgb, side, picture))
  // Turning changes no colours.
  const turned = [turnRight, turnLeft].map(turn => ({ rgb: turn(rgb, side), colour: whole.colour }))
  return [
    { looks: both, asksForKind: true, worth: 1 },
    ...[whole, ...content].map(look => ({ looks: [look], asksForKind: false, worth: PART_WORTH })),
    ...turned.map(look => ({ looks: [look], asksForKind: false, worth: TURNED_WORTH })),
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
