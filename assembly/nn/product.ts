/** Matrix products: convolutions whose weights are a matrix of [inputs][outputs]. */
import { activate, multiplyAdd } from './arithmetic'

/**
 * A 1 x 1 convolution:
 * output[pixel][out] = activation(bias + sum of input[pixel][in] * weights[in][out]).
 */
export function pointwise(
  input: usize,
  weights: usize,
  bias: usize,
  output: usize,
  pixels: i32,
  inChannels: i32,
  outChannels: i32,
  activation: i32,
): void {
  const inBytes = <usize>inChannels << 2
  const outBytes = <usize>outChannels << 2
  const fours = pixels & ~3
  for (let i = 0; i < fours; i += 4) {
    const from = input + <usize>i * inBytes
    const to = output + <usize>i * outBytes
    for (let channel: usize = 0; channel < outBytes; channel += 32) {
      fourByEight(from, inBytes, 1, 0, inBytes, weights + channel, bias + channel, to + channel, outBytes, activation)
    }
  }
  let pixel = fours
  for (; pixel + 2 <= pixels; pixel += 2) {
    twoPixels(input + <usize>pixel * inBytes, weights, bias, output + <usize>pixel * outBytes, inBytes, outBytes, activation)
  }
  if (pixel < pixels) {
    onePixel(input + <usize>pixel * inBytes, weights, bias, output + <usize>pixel * outBytes, inBytes, outBytes, activation)
  }
}

/**
 * A convolution of a square map at stride 1. Weights are ordered [row][column][in][out], so that the inputs of a row of
 * the kernel lie side by side.
 * @param input the map with a margin of zeros, `(side + kernel - 1)` squared pixels; `side` is at least 4.
 */
export function convolution(
  input: usize,
  weights: usize,
  bias: usize,
  output: usize,
  side: i32,
  kernel: i32,
  inChannels: i32,
  outChannels: i32,
  activation: i32,
): void {
  const pixelBytes = <usize>inChannels << 2
  const outBytes = <usize>outChannels << 2
  const pitch = <usize>(side + kernel - 1) * pixelBytes
  for (let channel: usize = 0; channel < outBytes; channel += 32) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x += 4) {
        const first = min(x, side - 4)
        const from = input + <usize>y * pitch + <usize>first * pixelBytes
        const to = output + <usize>(y * side + first) * outBytes + channel
        fourByEight(from, pixelBytes, kernel, pitch, <usize>kernel * pixelBytes, weights + channel, bias + channel, to, outBytes, activation)
      }
    }
  }
}

/**
 * Four pixels by eight channels at a time: the sums stay in registers, and each weight is loaded once per four pixels.
 * @param pixelBytes from one pixel to the next. @param rows of `rowBytes` inputs each. @param pitch from one to the next.
 */
// @ts-ignore: decorator
@inline
function fourByEight(
  from: usize,
  pixelBytes: usize,
  rows: i32,
  pitch: usize,
  rowBytes: usize,
  weights: usize,
  bias: usize,
  to: usize,
  outBytes: usize,
  activation: i32,
): void {
  let a0 = v128.load(bias)
  let a1 = v128.load(bias, 16)
  let b0 = a0
  let b1 = a1
  let c0 = a0
  let c1 = a1
  let d0 = a0
  let d1 = a1
  let weight = weights
  let row = from
  for (let r = 0; r < rows; r++) {
    let at = row
    let at1 = at + pixelBytes
    let at2 = at1 + pixelBytes
    let at3 = at2 + pixelBytes
    const end = at + rowBytes
    while (at < end) {
      const w0 = v128.load(weight)
      const w1 = v128.load(weight, 16)
      weight += outBytes
      let value = v128.load32_splat(at)
      a0 = multiplyAdd(a0, value, w0)
      a1 = multiplyAdd(a1, value, w1)
      value = v128.load32_splat(at1)
      b0 = multiplyAdd(b0, value, w0)
      b1 = multiplyAdd(b1, value, w1)
      value = v128.load32_splat(at2)
      c0 = multiplyAdd(c0, value, w0)
      c1 = multiplyAdd(c1, value, w1)
      value = v128.load32_splat(at3)
      d0 = multiplyAdd(d0, value, w0)
      d1 = multiplyAdd(d1, value, w1)
      at += 4
      at1 += 4
      at2 += 4
      at3 += 4
    }
    row += pitch
  }
  let out = to
  v128.store(out, activate(a0, activation))
  v128.store(out, activate(a1, activation), 16)
  out += outBytes
  v128.store(out, activate(b0, activation))
  v128.store(out, activate(b1, activation), 16)
  out += outBytes
  v128.store(out, activate(c0, activation))
  v128.store(out, activate(c1, activation), 16)
  out += outBytes
  v128.store(out, activate(d0, activation))
  v128.store(out, activate(d1, activation), 16)
}

/** Two pixels by sixteen channels at a time, which reads whole cache lines of the weights. */
function twoPixels(from: usize, weights: usize, bias: usize, to: usize, inBytes: usize, outBytes: usize, activation: i32): void {
  const from1 = from + inBytes
  let channel: usize = 0
  for (; channel + 64 <= outBytes; channel += 64) {
    let a0 = v128.load(bias + channel)
    let a1 = v128.load(bias + channel, 16)
    let a2 = v128.load(bias + channel, 32)
    let a3 = v128.load(bias + channel, 48)
    let b0 = a0
    let b1 = a1
    let b2 = a2
    let b3 = a3
    let weight = weights + channel
    for (let k: usize = 0; k < inBytes; k += 4) {
      const a = v128.load32_splat(from + k)
      const b = v128.load32_splat(from1 + k)
      const w0 = v128.load(weight)
      const w1 = v128.load(weight, 16)
      const w2 = v128.load(weight, 32)
      const w3 = v128.load(weight, 48)
      a0 = multiplyAdd(a0, a, w0)
      a1 = multiplyAdd(a1, a, w1)
      a2 = multiplyAdd(a2, a, w2)
      a3 = multiplyAdd(a3, a, w3)
      b0 = multiplyAdd(b0, b, w0)
      b1 = multiplyAdd(b1, b, w1)
      b2 = multiplyAdd(b2, b, w2)
      b3 = multiplyAdd(b3, b, w3)
      weight += outBytes
    }
    storeFour(to + channel, a0, a1, a2, a3, activation)
    storeFour(to + outBytes + channel, b0, b1, b2, b3, activation)
  }
  for (; channel < outBytes; channel += 16) {
    oneByFour(from, weights + channel, bias + channel, to + channel, inBytes, outBytes, activation)
    oneByFour(from1, weights + channel, bias + channel, to + outBytes + channel, inBytes, outBytes, activation)
  }
}

function onePixel(from: usize, weights: usize, bias: usize, to: usize, inBytes: usize, outBytes: usize, activation: i32): void {
  let channel: usize = 0
  for (; channel + 64 <= outBytes; channel += 64) {
    let a = v128.load(bias + channel)
    let b = v128.load(bias + channel, 16)
    let c = v128.load(bias + channel, 32)
    let d = v128.load(bias + channel, 48)
    let weight = weights + channel
    for (let k: usize = 0; k < inBytes; k += 4) {
      const value = v128.load32_splat(from + k)
      a = multiplyAdd(a, value, v128.load(weight))
      b = multiplyAdd(b, value, v128.load(weight, 16))
      c = multiplyAdd(c, value, v128.load(weight, 32))
      d = multiplyAdd(d, value, v128.load(weight, 48))
      weight += outBytes
    }
    storeFour(to + channel, a, b, c, d, activation)
  }
  for (; channel < outBytes; channel += 16) {
    oneByFour(from, weights + channel, bias + channel, to + channel, inBytes, outBytes, activation)
  }
}

// @ts-ignore: decorator
@inline
function oneByFour(from: usize, weights: usize, bias: usize, to: usize, inBytes: usize, outBytes: usize, activation: i32): void {
  let sum = v128.load(bias)
  let weight = weights
  for (let k: usize = 0; k < inBytes; k += 4) {
    sum = multiplyAdd(sum, v128.load32_splat(from + k), v128.load(weight))
    weight += outBytes
  }
  v128.store(to, activate(sum, activation))
}

// @ts-ignore: decorator
@inline
function storeFour(to: usize, a: v128, b: v128, c: v128, d: v128, activation: i32): void {
  v128.store(to, activate(a, activation))
  v128.store(to, activate(b, activation), 16)
  v128.store(to, activate(c, activation), 32)
  v128.store(to, activate(d, activation), 48)
}
