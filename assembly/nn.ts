/**
 * The arithmetic of the picture network: SIMD kernels over 32-bit floats in NHWC order (row, column, channel).
 * Addresses are byte offsets into the imported memory; every channel count is a multiple of 4.
 */

/** The runner's codes: 0 none, 1 ReLU, 2 hard swish. */
// @ts-ignore: decorator
@inline
function activate(value: v128, activation: i32): v128 {
  if (activation == 1) return f32x4.max(value, f32x4.splat(0))
  if (activation == 2) return f32x4.mul(value, hardSigmoid(value))
  return value
}

// @ts-ignore: decorator
@inline
function hardSigmoid(value: v128): v128 {
  const raised = f32x4.add(value, f32x4.splat(3))
  return f32x4.mul(f32x4.min(f32x4.max(raised, f32x4.splat(0)), f32x4.splat(6)), f32x4.splat(1.0 / 6.0))
}

// @ts-ignore: decorator
@inline
function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  // One instruction that rounds once, where the build allows it: some 1e-6 of difference over the whole network.
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum)
  return f32x4.add(sum, f32x4.mul(a, b))
}

/**
 * The first layer: 3 x 3 convolution at stride 2 with padding 1, from 3 to 16 channels, hard swish.
 * Weights are ordered [row][column][in][out].
 */
export function stem(input: usize, weights: usize, bias: usize, output: usize, side: i32): void {
  const outSide = side >> 1
  let out = output
  for (let outY = 0; outY < outSide; outY++) {
    for (let outX = 0; outX < outSide; outX++) {
      let sum0 = v128.load(bias)
      let sum1 = v128.load(bias, 16)
      let sum2 = v128.load(bias, 32)
      let sum3 = v128.load(bias, 48)
      for (let row = 0; row < 3; row++) {
        const y = outY * 2 - 1 + row
        if (y < 0 || y >= side) continue
        for (let column = 0; column < 3; column++) {
          const x = outX * 2 - 1 + column
          if (x < 0 || x >= side) continue
          let pixel = input + <usize>(y * side + x) * 12
          let weight = weights + <usize>(row * 3 + column) * 192
          for (let channel = 0; channel < 3; channel++) {
            const value = v128.load32_splat(pixel)
            sum0 = multiplyAdd(sum0, value, v128.load(weight))
            sum1 = multiplyAdd(sum1, value, v128.load(weight, 16))
            sum2 = multiplyAdd(sum2, value, v128.load(weight, 32))
            sum3 = multiplyAdd(sum3, value, v128.load(weight, 48))
            pixel += 4
            weight += 64
          }
        }
      }
      v128.store(out, activate(sum0, 2))
      v128.store(out, activate(sum1, 2), 16)
      v128.store(out, activate(sum2, 2), 32)
      v128.store(out, activate(sum3, 2), 48)
      out += 64
    }
  }
}

/**
 * A 1 x 1 convolution, that is, a matrix product:
 * output[pixel][out] = activation(bias + sum of input[pixel][in] * weights[in][out]).
 * Four pixels by eight channels at a time: the sums stay in registers, and each weight is loaded once per four pixels.
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
  let pixel = 0
  for (; pixel + 4 <= pixels; pixel += 4) {
    const from = input + <usize>pixel * inBytes
    const to = output + <usize>pixel * outBytes
    let channel: usize = 0
    for (; channel + 32 <= outBytes; channel += 32) {
      fourByEight(from, weights + channel, bias + channel, to + channel, inBytes, outBytes, activation)
    }
    if (channel < outBytes) {
      for (let row: usize = 0; row < 4; row++) {
        oneByFour(from + row * inBytes, weights + channel, bias + channel, to + row * outBytes + channel, inBytes, outBytes, activation)
      }
    }
  }
  for (; pixel < pixels; pixel++) {
    const from = input + <usize>pixel * inBytes
    const to = output + <usize>pixel * outBytes
    let channel: usize = 0
    for (; channel + 64 <= outBytes; channel += 64) {
      oneBySixteen(from, weights + channel, bias + channel, to + channel, inBytes, outBytes, activation)
    }
    for (; channel < outBytes; channel += 16) {
      oneByFour(from, weights + channel, bias + channel, to + channel, inBytes, outBytes, activation)
    }
  }
}

// @ts-ignore: decorator
@inline
function fourByEight(from: usize, weights: usize, bias: usize, to: usize, inBytes: usize, outBytes: usize, activation: i32): void {
  const from1 = from + inBytes
  const from2 = from1 + inBytes
  const from3 = from2 + inBytes
  let a0 = v128.load(bias)
  let a1 = v128.load(bias, 16)
  let b0 = a0
  let b1 = a1
  let c0 = a0
  let c1 = a1
  let d0 = a0
  let d1 = a1
  let weight = weights
  for (let k: usize = 0; k < inBytes; k += 4) {
    const w0 = v128.load(weight)
    const w1 = v128.load(weight, 16)
    weight += outBytes
    let value = v128.load32_splat(from + k)
    a0 = multiplyAdd(a0, value, w0)
    a1 = multiplyAdd(a1, value, w1)
    value = v128.load32_splat(from1 + k)
    b0 = multiplyAdd(b0, value, w0)
    b1 = multiplyAdd(b1, value, w1)
    value = v128.load32_splat(from2 + k)
    c0 = multiplyAdd(c0, value, w0)
    c1 = multiplyAdd(c1, value, w1)
    value = v128.load32_splat(from3 + k)
    d0 = multiplyAdd(d0, value, w0)
    d1 = multiplyAdd(d1, value, w1)
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

/** Reads whole cache lines of the weights. */
// @ts-ignore: decorator
@inline
function oneBySixteen(from: usize, weights: usize, bias: usize, to: usize, inBytes: usize, outBytes: usize, activation: i32): void {
  let a = v128.load(bias)
  let b = v128.load(bias, 16)
  let c = v128.load(bias, 32)
  let d = v128.load(bias, 48)
  let weight = weights
  for (let k: usize = 0; k < inBytes; k += 4) {
    const value = v128.load32_splat(from + k)
    a = multiplyAdd(a, value, v128.load(weight))
    b = multiplyAdd(b, value, v128.load(weight, 16))
    c = multiplyAdd(c, value, v128.load(weight, 32))
    d = multiplyAdd(d, value, v128.load(weight, 48))
    weight += outBytes
  }
  v128.store(to, activate(a, activation))
  v128.store(to, activate(b, activation), 16)
  v128.store(to, activate(c, activation), 32)
  v128.store(to, activate(d, activation), 48)
}

/**
 * A depthwise convolution, kernel 3 or 5, padded to keep the size. Weights are ordered [row][column][channel].
 */
export function depthwise(
  input: usize,
  weights: usize,
  bias: usize,
  output: usize,
  side: i32,
  channels: i32,
  kernel: i32,
  stride: i32,
  outSide: i32,
  activation: i32,
): void {
  const padding = (kernel - 1) >> 1
  const bytes = <usize>channels << 2
  let out = output
  for (let outY = 0; outY < outSide; outY++) {
    const top = outY * stride - padding
    const firstRow = max(0, -top)
    const endRow = min(kernel, side - top)
    for (let outX = 0; outX < outSide; outX++) {
      const left = outX * stride - padding
      const firstColumn = max(0, -left)
      const endColumn = min(kernel, side - left)
      for (let channel: usize = 0; channel < bytes; channel += 16) {
        let sum = v128.load(bias + channel)
        for (let row = firstRow; row < endRow; row++) {
          let pixel = input + <usize>((top + row) * side + left + firstColumn) * bytes + channel
          let weight = weights + <usize>(row * kernel + firstColumn) * bytes + channel
          for (let column = firstColumn; column < endColumn; column++) {
            sum = multiplyAdd(sum, v128.load(pixel), v128.load(weight))
            pixel += bytes
            weight += bytes
          }
        }
        v128.store(out + channel, activate(sum, activation))
      }
      out += bytes
    }
  }
}

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
