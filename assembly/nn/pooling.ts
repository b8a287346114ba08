/** Sums over the regions of a map; see src/vision/builtin/pooling.ts. */
import { multiplyAdd } from './arithmetic'

/**
 * Adds a square region's descriptor, at the length `share`, to `output`: of each channel the cube root of the sum of the
 * cubes of its positive values.
 * @param roots memory for one number per channel.
 */
export function addRegion(
  input: usize,
  roots: usize,
  output: usize,
  side: i32,
  channels: i32,
  top: i32,
  left: i32,
  size: i32,
  share: f32,
): void {
  const bytes = <usize>channels << 2
  let squares = f32x4.splat(0)
  for (let channel: usize = 0; channel < bytes; channel += 16) {
    const root = cubeRoot(sumOfCubes(input + <usize>(top * side + left) * bytes + channel, <usize>side * bytes, bytes, size))
    squares = multiplyAdd(squares, root, root)
    v128.store(roots + channel, root)
  }
  const length = sqrt<f32>(
    f32x4.extract_lane(squares, 0) + f32x4.extract_lane(squares, 1) + f32x4.extract_lane(squares, 2) + f32x4.extract_lane(squares, 3),
  )
  if (length == 0) return
  const factor = f32x4.splat(share / length)
  for (let channel: usize = 0; channel < bytes; channel += 16) {
    v128.store(output + channel, multiplyAdd(v128.load(output + channel), v128.load(roots + channel), factor))
  }
}

/** Multiplies every channel of a pixel by the pixel's factor. */
export function weigh(input: usize, factors: usize, output: usize, pixels: i32, channels: i32): void {
  const bytes = <usize>channels << 2
  let at: usize = 0
  for (let pixel: usize = 0; pixel < <usize>pixels << 2; pixel += 4) {
    const factor = v128.load32_splat(factors + pixel)
    for (const end = at + bytes; at < end; at += 16) {
      v128.store(output + at, f32x4.mul(v128.load(input + at), factor))
    }
  }
}

// @ts-ignore: decorator
@inline
function sumOfCubes(corner: usize, pitch: usize, pixelBytes: usize, size: i32): v128 {
  const zero = f32x4.splat(0)
  let sum = zero
  let row = corner
  for (let y = 0; y < size; y++) {
    let pixel = row
    for (let x = 0; x < size; x++) {
      const value = f32x4.pmax(v128.load(pixel), zero)
      sum = multiplyAdd(sum, value, f32x4.mul(value, value))
      pixel += pixelBytes
    }
    row += pitch
  }
  return sum
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
