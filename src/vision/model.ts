import type { Raster } from '../pictures/decoder/decode.ts'
import type { PictureEmbedding } from '../pictures/decoder/messages.ts'
import type { EmbedPurpose } from './embedder.ts'

/** A model in the picture worker: embeds a decoded picture. */
export type DescribePicture = (picture: Raster, purpose: EmbedPurpose) => Promise<PictureEmbedding>

/** A square part of a picture. */
export interface Crop {
  /** 8-bit sRGB, three bytes per pixel. */
  readonly rgb: Uint8Array
  /** 490 numbers at unit length. */
  readonly colour: Float32Array
}

/** A model that takes crops, and knows nothing of where in a picture the product is. */
export interface PictureModel {
  /** Side of a crop, in pixels. */
  readonly side: number
  /** @returns a vector at unit length. */
  embed(crop: Crop): Promise<Float32Array>
  /**
   * Gives the kind of product more weight in a vector of {@link PictureModel.embed}, if the model can distinguish it.
   */
  towardsKind(vector: Float32Array): Float32Array
}
