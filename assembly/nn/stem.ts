/** The first layer, and what prepares its input. */
import { activate, multiplyAdd } from './arithmetic'

/**
 * Turns bytes into floats: output = input * scale + shift, by channel, below and right of a margin of zeros.
 * @param input `side` squared pixels of three bytes, with 4 bytes of any value after them; `side` is a multiple of 4.
 * @param scales twelve floats: those of the three channels, four times. @param shifts as many.
 * @param output `side + 1` squared pixels of three floats.
 */
export function normalise(input: usize, scales: usize, shifts: usize, output: usize, side: i32): void {
  const pitch = <usize>(side + 1) * 12
  memory.fill(output, 0, pitch)
  const scale0 = v128.load(scales)
  const scale1 = v128.load(scales, 16)
  const scale2 = v128.load(scales, 32)
  const shift0 = v128.load(shifts)
  const shift1 = v128.load(shifts, 16)
  const shift2 = v128.load(shifts, 32)
  let from = input
  for (let y = 1; y <= side; y++) {
    let to = output + <usize>y * pitch
    memory.fill(to, 0, 12)
    to += 12
    for (let x = 0; x < side; x += 4) {
      const bytes = v128.load(from)
      const low = i16x8.extend_low_i8x16_u(bytes)
      const high = i16x8.extend_high_i8x16_u(bytes)
      v128.store(to, multiplyAdd(shift0, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)), scale0))
      v128.store(to, multiplyAdd(shift1, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), scale1), 16)
      v128.store(to, multiplyAdd(shift2, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), scale2), 32)
      from += 12
      to += 48
    }
  }
}

/**
 * 3 x 3 convolution at stride 2 from 3 to 16 channels, hard swish. Two pixels at a time share each weight.
 * Weights are ordered [row][column][in][out].
 * @param input as `normalise` wrote it.
 */
export function stem(input: usize, weights: usize, bias: usize, output: usize, side: i32): void {
  const outSide = side >> 1
  const pitch = <usize>(side + 1) * 12
  let out = output
  for (let y = 0; y < outSide; y++) {
    for (let x = 0; x < outSide; x += 2) {
      let row = input + <usize>(2 * y) * pitch + <usize>(2 * x) * 12
      let a0 = v128.load(bias)
      let a1 = v128.load(bias, 16)
      let a2 = v128.load(bias, 32)
      let a3 = v128.load(bias, 48)
      let b0 = a0
      let b1 = a1
      let b2 = a2
      let b3 = a3
      let weight = weights
      for (let r = 0; r < 3; r++) {
        // The three pixels of a row of the kernel lie side by side; those of the next output are two further.
        for (let k: usize = 0; k < 36; k += 4) {
          const w0 = v128.load(weight)
          const w1 = v128.load(weight, 16)
          const w2 = v128.load(weight, 32)
          const w3 = v128.load(weight, 48)
          const a = v128.load32_splat(row + k)
          const b = v128.load32_splat(row + k, 24)
          a0 = multiplyAdd(a0, a, w0)
          a1 = multiplyAdd(a1, a, w1)
          a2 = multiplyAdd(a2, a, w2)
          a3 = multiplyAdd(a3, a, w3)
          b0 = multiplyAdd(b0, b, w0)
          b1 = multiplyAdd(b1, b, w1)
          b2 = multiplyAdd(b2, b, w2)
          b3 = multiplyAdd(b3, b, w3)
          weight += 64
        }
        row += pitch
      }
      v128.store(out, activate(a0, 2))
      v128.store(out, activate(a1, 2), 16)
      v128.store(out, activate(a2, 2), 32)
      v128.store(out, activate(a3, 2), 48)
      v128.store(out, activate(b0, 2), 64)
      v128.store(out, activate(b1, 2), 80)
      v128.store(out, activate(b2, 2), 96)
      v128.store(out, activate(b3, 2), 112)
      out += 128
    }
  }
}
