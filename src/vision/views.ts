/** Owns which views of a picture are embedded. */
import { colourHistogram } from './colour.ts'
import { findContent } from './content-box.ts'
import { type Raster, squareOf } from './decode.ts'
import type { EmbedPurpose } from './embedder.ts'

/** A square view. */
export interface View {
  /** 8-bit sRGB, three bytes a pixel. */
  readonly rgb: Uint8Array
  /** The colours of it, 490 numbers at unit length. */
  readonly colour: Float32Array
  /** Whether the picture was turned for it. */
  readonly isTurned: boolean
}

/**
 * The views of a picture, the whole first; to be indexed there is no other. A query is also looked at
 * - at its content alone where it has plain margins: of screenshots of shop pages that finds 90 of 100 first instead of 19;
 * - at its two quarter turns, for buyers photograph sideways: 100 instead of 98.7.
 * What was measured and gains nothing beside these: mirrored (the heads have learned that), upside down, crops of the centre.
 */
export async function viewsOf(picture: Raster, side: number, purpose: EmbedPurpose): Promise<View[]> {
  const whole = await squareOf(picture, side)
  const colour = colourHistogram(whole, side)
  const views: View[] = [{ rgb: whole, colour, isTurned: false }]
  if (purpose === 'index') return views
  const box = findContent(whole, side, picture)
  if (box) {
    const content = await squareOf(picture, side, box)
    views.push({ rgb: content, colour: colourHistogram(content, side), isTurned: false })
  }
  // Turning changes no colours.
  views.push({ rgb: turnRight(whole, side), colour, isTurned: true })
  views.push({ rgb: turnLeft(whole, side), colour, isTurned: true })
  return views
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
