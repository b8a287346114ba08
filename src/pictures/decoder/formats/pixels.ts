/** Pixels that another decoder than sharp's made, for sharp to go on with. */
export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  /** Bytes per pixel: 3 is RGB, 4 is RGBA. */
  readonly channels: 3 | 4
}
