/** The port of picture embedding: bytes of a picture in, vectors that can be compared out. */

/** What a picture is embedded for: one vector to be kept, or several views of a query of which the best score counts. */
export type EmbedPurpose = 'index' | 'query'

export interface Embedder {
  /** Names weights and preparation together; vectors of different ids are never compared or mixed. */
  readonly id: string
  /**
   * Embeds one picture. `index` gives exactly one vector; `query` one or more.
   * All vectors of an embedder have the same number of components, a multiple of 16.
   * A vector's direction matters, its length does not: similarity is the cosine.
   * @param bytes the picture file as fetched: JPEG, PNG, WebP, GIF or AVIF.
   * @throws AppError `picture_unreadable` for what is no such picture, is broken or is too large; `cancelled`.
   */
  embed(bytes: Uint8Array, purpose: EmbedPurpose, signal?: AbortSignal): Promise<Int8Array[]>
  /** Stops the worker; later calls fail. */
  close(): Promise<void>
}
