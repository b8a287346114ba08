/** Owns which views of a picture are embedded. */
import { colourHistogram } from './colour.ts'
import { findContent } from './content-box.ts'
import { type Raster, squareOf } from './decode.ts'
import type { EmbedPurpose } from './embedder.ts'

/** A square view with its colours. */
export interface View {
  readonly rgb: Uint8Array
  readonly colour: Float32Array
}

/**
 * The views of a picture, the whole first. To be indexed there is no other. A query is also looked at mirrored, at its quarter turns
 * (buyers photograph sideways), and at its content alone, where it has plain or empty margins (screenshots).
 */
export async function viewsOf(picture: Raster, side: number, purpose: EmbedPurpose): Promise<View[]> {
  const whole = await squareOf(picture, side)
  // Neither turning nor mirroring changes the colours.
  const colour = colourHistogram(whole, side)
  const views: View[] = [{ rgb: whole, colour }]
  if (purpose === 'index') return views
  const right = turnRight(whole, side)
  const upsideDown = turnRight(right, side)
  for (const rgb of [right, turnRight(upsideDown, side), upsideDown, mirror(whole, side)]) views.push({ rgb, colour })
  const box = findContent(whole, side, picture)
  if (box) {
    const content = await squareOf(picture, side, box)
    views.push({ rgb: content, colour: colourHistogram(content, side) })
  }
  return views
}

/** A square turned a quarter clockwise. */
function turnRight(rgb: Uint8Array, side: number): Uint8Array {
  return rearrange(rgb, side, (x, y) => (side - 1 - x) * side + y)
}

function mirror(rgb: Uint8Array, side: number): Uint8Array {
  return rearrange(rgb, side, (x, y) => y * side + side - 1 - x)
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
