/** The square of a picture that a model embeds. */
export interface Crop {
  /** 8-bit sRGB, three bytes a pixel. */
  readonly rgb: Uint8Array
  /** Its colours, 490 numbers at unit length. */
  readonly colour: Float32Array
}

/** A loaded model: crops in, vectors out. */
export interface PictureModel {
  /** Side of a crop, pixels. */
  readonly side: number
  /** The vector of one crop, at unit length. */
  embed(crop: Crop): Promise<Float32Array>
  /** A vector of {@link PictureModel.embed} that leans towards the kind of thing; the same vector where a model cannot tell that apart. */
  towardsKind(vector: Float32Array): Float32Array
}
