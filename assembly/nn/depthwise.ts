/** Depthwise convolution: each channel is filtered by itself. */
import { activate, multiplyAdd } from './arithmetic'

/** Channels at a time: two vectors. The counts of all channels are multiples of it. */
const GROUP_BYTES: usize = 32

/** Pixels of a row at a time, each with a sum in a register. The sides of all outputs are multiples of it. */
const TILE = 7

/**
 * Kernel 3 or 5, stride 1 or 2, padded to keep the size. Weights are ordered [group of eight channels][row][column]
 * [channel]. Eight channels at a time are copied between zeros, so that no pixel is at an edge, into memory that mostly
 * fits into the L1 cache.
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
  const filterBytes = <usize>(kernel * kernel) * GROUP_BYTES
  memory.fill(padded, 0, pitch * <usize>(side + 2 * padding))
  let filter = weights
  for (let group: usize = 0; group < bytes; group += GROUP_BYTES) {
    copyGroup(input + group, inside, side, bytes, pitch)
    for (let half: usize = 0; half < GROUP_BYTES; half += 16) {
      const channel = group + half
      if (stride == 1) filterFour(padded + half, filter + half, bias + channel, output + channel, outSide, bytes, pitch, kernel, 1, activation)
      else filterFour(padded + half, filter + half, bias + channel, output + channel, outSide, bytes, pitch, kernel, 2, activation)
    }
    filter += filterBytes
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

/** Filters four channels. The engine would compute a sum to its end before the next if the kernel were unrolled. */
// @ts-ignore: decorator
@inline
function filterFour(
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
  const start = v128.load(bias)
  let out = output
  for (let y = 0; y < outSide; y++) {
    const row = padded + <usize>(y * stride) * pitch
    for (let x = 0; x < outSide; x += TILE) {
      let a = start
      let b = start
      let c = start
      let d = start
      let e = start
      let f = start
      let g = start
      let weight = weights
      let line = row + <usize>x * step
      for (let j = 0; j < kernel; j++) {
        let pixel = line
        const end = pixel + <usize>kernel * GROUP_BYTES
        while (pixel < end) {
          const value = v128.load(weight)
          a = multiplyAdd(a, v128.load(pixel), value)
          b = multiplyAdd(b, v128.load(pixel + step), value)
          c = multiplyAdd(c, v128.load(pixel + 2 * step), value)
          d = multiplyAdd(d, v128.load(pixel + 3 * step), value)
          e = multiplyAdd(e, v128.load(pixel + 4 * step), value)
          f = multiplyAdd(f, v128.load(pixel + 5 * step), value)
          g = multiplyAdd(g, v128.load(pixel + 6 * step), value)
          pixel += GROUP_BYTES
          weight += GROUP_BYTES
        }
        line += pitch
      }
      v128.store(out, activate(a, activation))
      out += bytes
      v128.store(out, activate(b, activation))
      out += bytes
      v128.store(out, activate(c, activation))
      out += bytes
      v128.store(out, activate(d, activation))
      out += bytes
      v128.store(out, activate(e, activation))
      out += bytes
      v128.store(out, activate(f, activation))
      out += bytes
      v128.store(out, activate(g, activation))
      out += bytes
    }
  }
}
