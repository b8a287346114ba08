/** Owns the port of a loaded model: a square of pixels in, the vector that is compared out. */

/** A model in the worker. */
export interface PictureModel {
  /** Side of the square it looks at, pixels. */
  readonly side: number
  /**
   * Embeds one view.
   * @param rgb 8-bit sRGB, three bytes a pixel, `side` squared.
   * @param colour the colours of the view, 490 numbers at unit length.
   */
  embed(rgb: Uint8Array, colour: Float32Array): Promise<Float32Array>
}
