/** Owns the port of a loaded model: a square of pixels in, its vector out. */

import type { Look } from './views/views.ts'

/** A model in the worker. */
export interface PictureModel {
  /** Side of the square it looks at, pixels. */
  readonly side: number
  /** Embeds one look, `side` squared, to a vector at unit length. */
  embed(look: Look): Promise<Float32Array>
  /** A vector of {@link PictureModel.embed} that leans towards the kind of thing; the vector itself where a model cannot tell that apart. */
  towardsKind(vector: Float32Array): Float32Array
}
