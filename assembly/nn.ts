/**
 * The arithmetic of the picture network: SIMD kernels over 32-bit floats in NHWC order (row, column, channel).
 * Addresses are byte offsets into the imported memory; every channel count is a multiple of 8, unless said otherwise.
 */
import { hardSigmoid, multiplyAdd } from './nn/arithmetic'

export { depthwise } from './nn/depthwise'
export { convolution, pointwise } from './nn/product'
export { resample } from './nn/resample'
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

/** The cube root of the sum of the cubes of each channel's positive values in a square region of a map. */
export function regionCubes(input: usize, output: usize, side: i32, channels: i32, top: i32, left: i32, size: i32): void {
  const bytes = <usize>channels << 2
  const zero = f32x4.splat(0)
  for (let channel: usize = 0; channel < bytes; channel += 16) {
    let sum = zero
    for (let y = top; y < top + size; y++) {
      let pixel = input + <usize>(y * side + left) * bytes + channel
      for (let x = 0; x < size; x++) {
        const value = f32x4.max(v128.load(pixel), zero)
        sum = multiplyAdd(sum, value, f32x4.mul(value, value))
        pixel += bytes
      }
    }
    v128.store(output + channel, cubeRoot(sum))
  }
}

/** Of values that are not negative: a third of the exponent, then Newton's steps to the precision of 32 bits. */
// @ts-ignore: decorator
@inline
function cubeRoot(value: v128): v128 {
  const third = f32x4.mul(f32x4.convert_i32x4_s(value), f32x4.splat(1.0 / 3.0))
  let root = i32x4.add(i32x4.trunc_sat_f32x4_s(third), i32x4.splat(709_921_077))
  for (let step = 0; step < 3; step++) {
    const quotient = f32x4.div(value, f32x4.mul(root, root))
    root = f32x4.mul(f32x4.add(f32x4.add(root, root), quotient), f32x4.splat(1.0 / 3.0))
  }
  return root
}
