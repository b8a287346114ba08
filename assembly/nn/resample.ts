/** Stretches a part of a picture to a square, and averages a square down. */
import { multiplyAdd } from './arithmetic'

/**
 * Each output is a weighted sum of inputs next to each other, first of rows, then of columns. The tables have an entry for
 * each of the `side` outputs of an axis.
 * @param input three bytes per pixel, of the part's first pixel, with 16 bytes of any value after the last.
 * @param pitch bytes from one row to the next. @param width of the part, in pixels.
 * @param rowStarts,columnStarts tables of i32: the first input. @param rowWeights,columnWeights tables of `rowTaps` and
 *   `columnTaps` f32 each.
 * @param line memory for `3 * width + 16` floats. @param output three bytes per pixel, and one byte after the last.
 */
export function resample(
  input: usize,
  pitch: i32,
  width: i32,
  rowStarts: usize,
  rowWeights: usize,
  rowTaps: i32,
  columnStarts: usize,
  columnWeights: usize,
  columnTaps: i32,
  line: usize,
  output: usize,
  side: i32,
): void {
  let to = output
  for (let y = 0; y < side; y++) {
    const from = input + <usize>(load<i32>(rowStarts + (<usize>y << 2)) * pitch)
    mixRows(from, <usize>pitch, rowWeights + <usize>(y * rowTaps * 4), rowTaps, <usize>width * 3, line)
    for (let x = 0; x < side; x++) {
      let pixel = line + <usize>load<i32>(columnStarts + (<usize>x << 2)) * 12
      let weight = columnWeights + <usize>(x * columnTaps * 4)
      let sum = f32x4.splat(0)
      for (let tap = 0; tap < columnTaps; tap++) {
        sum = multiplyAdd(sum, v128.load(pixel), v128.load32_splat(weight))
        pixel += 12
        weight += 4
      }
      const rounded = i32x4.trunc_sat_f32x4_s(f32x4.nearest(sum))
      const bytes = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_s(rounded, rounded), i16x8.splat(0))
      // The fourth byte is overwritten by the next pixel.
      store<u32>(to, i32x4.extract_lane(bytes, 0))
      to += 3
    }
  }
}

/** Sixteen bytes at a time. */
// @ts-ignore: decorator
@inline
function mixRows(from: usize, pitch: usize, weights: usize, taps: i32, bytes: usize, line: usize): void {
  let to = line
  for (let at: usize = 0; at < bytes; at += 16) {
    let a = f32x4.splat(0)
    let b = f32x4.splat(0)
    let c = f32x4.splat(0)
    let d = f32x4.splat(0)
    let row = from + at
    for (let tap = 0; tap < taps; tap++) {
      const weight = v128.load32_splat(weights + (<usize>tap << 2))
      const values = v128.load(row)
      const low = i16x8.extend_low_i8x16_u(values)
      const high = i16x8.extend_high_i8x16_u(values)
      a = multiplyAdd(a, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(low)), weight)
      b = multiplyAdd(b, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(low)), weight)
      c = multiplyAdd(c, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(high)), weight)
      d = multiplyAdd(d, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(high)), weight)
      row += pitch
    }
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
    to += 64
  }
}

/**
 * Averages `side` squared pixels of three bytes down to `boxes` squared, rounded down. Boxes are as equal as whole pixels
 * allow, and at least one pixel wide.
 */
export function average(input: usize, side: i32, output: usize, boxes: i32): void {
  let to = output
  for (let boxY = 0; boxY < boxes; boxY++) {
    const top = (boxY * side) / boxes
    const bottom = max(top + 1, ((boxY + 1) * side) / boxes)
    for (let boxX = 0; boxX < boxes; boxX++) {
      const left = (boxX * side) / boxes
      const right = max(left + 1, ((boxX + 1) * side) / boxes)
      let red = 0
      let green = 0
      let blue = 0
      for (let y = top; y < bottom; y++) {
        const end = input + <usize>(y * side + right) * 3
        for (let pixel = input + <usize>(y * side + left) * 3; pixel < end; pixel += 3) {
          red += load<u8>(pixel)
          green += load<u8>(pixel, 1)
          blue += load<u8>(pixel, 2)
        }
      }
      const area = (bottom - top) * (right - left)
      store<u8>(to, red / area)
      store<u8>(to, green / area, 1)
      store<u8>(to, blue / area, 2)
      to += 3
    }
  }
}
