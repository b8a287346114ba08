import type { Raster } from '../pictures/decoder/decode.ts'
import type { Region } from '../pictures/decoder/region.ts'
import type { EmbedPurpose } from './embedder.ts'

/** Embeds a decoded picture, in the picture worker. @returns as `Embedder.embed`. */
export type DescribePicture = (picture: Raster, purpose: EmbedPurpose) => Promise<Int8Array<ArrayBuffer>[]>

/** A model in the picture worker. */
export interface LoadedModel {
  readonly describe: DescribePicture
  /** Where the separate things in a picture are; absent if the model does not see that. */
  readonly findThings?: (picture: Raster) => Region[]
}

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
