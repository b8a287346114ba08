/** Owns which views of a picture are embedded. */
import { colourHistogram } from './colour.ts'
import { type Raster, squareOf } from './decode.ts'
import type { EmbedPurpose } from './embedder.ts'

/** A square view with its colours. */
export interface View {
  readonly rgb: Uint8Array
  readonly colour: Float32Array
}

/** The views of a picture, the whole first. */
export async function viewsOf(picture: Raster, side: number, _purpose: EmbedPurpose): Promise<View[]> {
  const whole = await squareOf(picture, side)
  return [{ rgb: whole, colour: colourHistogram(whole, side) }]
}
