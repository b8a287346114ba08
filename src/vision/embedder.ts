/** The port of picture embedding: a picture's bytes in, comparable vectors out. */

import type { PictureEmbedding } from '../pictures/decoder/messages.ts'

/** `index`: one vector to store; `query`: several views, of which the best score counts. */
export type EmbedPurpose = 'index' | 'query'

export interface Embedder {
  /** Identifies weights and preprocessing; vectors of different ids are never compared or mixed. */
  readonly id: string
  /**
   * Returns exactly one vector for `index`, one or more for `query`. All have the same number of components, a multiple
   * of 16. Only their direction matters: similarity is the cosine. Regions are of a `query` only.
   * @param bytes the picture file as fetched: JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF or BMP.
   * @throws AppError `picture_unreadable` if the file is of another kind, damaged or too large; `cancelled`.
   */
  embed(bytes: Uint8Array, purpose: EmbedPurpose, signal?: AbortSignal): Promise<PictureEmbedding>
  /** The model of an earlier release: its stored vectors are compared until they are remade. */
  readonly previous?: Embedder
  /** Later calls fail. */
  close(): Promise<void>
}
