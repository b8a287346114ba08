/** Owns the port of a loaded model: a square of pixels in, the vector that is compared out. */

import type { View } from './views.ts'

/** A model in the worker. */
export interface PictureModel {
  /** Side of the square it looks at, pixels. */
  readonly side: number
  /** Embeds one view, `side` squared. */
  embed(view: View): Promise<Float32Array>
}
