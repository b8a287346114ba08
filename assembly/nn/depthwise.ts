/** Depthwise convolution: each channel is filtered by itself. */
import { activate, multiplyAdd } from './arithmetic'

/** Channels at a time: two vectors. The counts of all channels are multiples of it. */
const GROUP_BYTES: usize = 32

/**
 * Kernel 3 or 5, stride 1 or 2, padded to keep the size; the output's side is at least 4. Weights are ordered
 * [row][column][channel]. Eight channels at a time are copied between zeros, so that no pixel is at an edge, into memory
 * that mostly fits into the L1 cache.
 * @param padded memory for `(side + kernel - 1)` squared pixels of eight channels.
 */
export function depthwise(
  input: usize,
  weights: usize,
  bias: usize,
  padded: usize,
  output: usize,
  side: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  activation: i32,
): void {
  const bytes = <usize>channels << 2
  const padding = kernel >> 1
  const pitch = <usize>(side + 2 * padding) * GROUP_BYTES
  const inside = padded + <usize>padding * (pitch + GROUP_BYTES)
  const outSide = (side + stride - 1) / stride
  memory.fill(padded, 0, pitch * <usize>(side + 2 * padding))
  for (let group: usize = 0; group < bytes; group += GROUP_BYTES) {
    copyGroup(input + group, inside, side, bytes, pitch)
    if (stride == 1) filterGroup(padded, weights + group, bias + group, output + group, outSide, bytes, pitch, kernel, 1, activation)
    else filterGroup(padded, weights + group, bias + group, output + group, outSide, bytes, pitch, kernel, 2, activation)
  }
}

// @ts-ignore: decorator
@inline
function copyGroup(input: usize, inside: usize, side: i32, bytes: usize, pitch: usize): void {
  let from = input
  for (let y = 0; y < side; y++) {
    let to = inside + <usize>y * pitch
    for (let x = 0; x < side; x++) {
      v128.store(to, v128.load(from))
      v128.store(to, v128.load(from, 16), 16)
      from += bytes
      to += GROUP_BYTES
    }
  }
}

/** Four pixels of a row at a time; the last four may overlap those before. */
// @ts-ignore: decorator
@inline
function filterGroup(
  padded: usize,
  weights: usize,
  bias: usize,
  output: usize,
  outSide: i32,
  bytes: usize,
  pitch: usize,
  kernel: i32,
  stride: i32,
  activation: i32,
): void {
  const step = <usize>stride * GROUP_BYTES
  for (let y = 0; y < outSide; y++) {
    const row = padded + <usize>(y * stride) * pitch
    for (let x = 0; x < outSide; x += 4) {
      const first = min(x, outSide - 4)
      let line = row + <usize>first * step
      let a0 = v128.load(bias)
      let a1 = v128.load(bias, 16)
      let b0 = a0
      let b1 = a1
      let c0 = a0
      let c1 = a1
      let d0 = a0
      let d1 = a1
      let weight = weights
      for (let j = 0; j < kernel; j++) {
        let pixel = line
        for (let i = 0; i < kernel; i++) {
          const w0 = v128.load(weight)
          const w1 = v128.load(weight, 16)
          a0 = multiplyAdd(a0, v128.load(pixel), w0)
          a1 = multiplyAdd(a1, v128.load(pixel, 16), w1)
          b0 = multiplyAdd(b0, v128.load(pixel + step), w0)
          b1 = multiplyAdd(b1, v128.load(pixel + step, 16), w1)
          c0 = multiplyAdd(c0, v128.load(pixel + 2 * step), w0)
          c1 = multiplyAdd(c1, v128.load(pixel + 2 * step, 16), w1)
          d0 = multiplyAdd(d0, v128.load(pixel + 3 * step), w0)
          d1 = multiplyAdd(d1, v128.load(pixel + 3 * step, 16), w1)
          pixel += GROUP_BYTES
          weight += bytes
        }
        line += pitch
      }
      let out = output + <usize>(y * outSide + first) * bytes
      v128.store(out, activate(a0, activation))
      v128.store(out, activate(a1, activation), 16)
      out += bytes
      v128.store(out, activate(b0, activation))
      v128.store(out, activate(b1, activation), 16)
      out += bytes
      v128.store(out, activate(c0, activation))
      v128.store(out, activate(c1, activation), 16)
      out += bytes
      v128.store(out, activate(d0, activation))
      v128.store(out, activate(d1, activation), 16)
    }
  }
}
