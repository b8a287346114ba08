/**
 * The arithmetic of the picture network: SIMD kernels over 32-bit floats in NHWC order (row, column, channel).
 * Addresses are byte offsets into the imported memory; every channel count is a multiple of 8, unless said otherwise.
 */
import { hardSigmoid } from './nn/arithmetic'

export { depthwise } from './nn/depthwise'
export { addRegion, weigh } from './nn/pooling'
export { convolution, pointwise } from './nn/product'
export { average, resample } from './nn/resample'
export { normalise, stem } from './nn/stem'

/** The mean of each channel over all pixels. */
export function channelMeans(input: usize, output: usize, pixels: i32, channels: i32): void {
  const bytes = <usize>channels << 2
  const share = f32x4.splat(1.0 / <f32>pixels)
  for (let channel: usize = 0; channel < bytes; channel += 16) {
    let sum = f32x4.splat(0)
    let pixel = input + channel
    for (let i = 0; i < pixels; i++) {
      sum = f32x4.add(sum, v128.load(pixel))
      pixel += bytes
    }
    v128.store(output + channel, f32x4.mul(sum, share))
  }
}

/** Multiplies each channel by the hard sigmoid of its gate, in place. */
export function gate(values: usize, gates: usize, pixels: i32, channels: i32): void {
  const bytes = <usize>channels << 2
  for (let channel: usize = 0; channel < bytes; channel += 16) {
    const factor = hardSigmoid(v128.load(gates + channel))
    let pixel = values + channel
    for (let i = 0; i < pixels; i++) {
      v128.store(pixel, f32x4.mul(v128.load(pixel), factor))
      pixel += bytes
    }
  }
}

/** Adds `count` floats (a multiple of 4) of `addend` to `values`, in place. */
export function add(values: usize, addend: usize, count: i32): void {
  const bytes = <usize>count << 2
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(values + i, f32x4.add(v128.load(values + i), v128.load(addend + i)))
  }
}
