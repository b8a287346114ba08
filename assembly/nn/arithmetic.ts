/** Arithmetic on four 32-bit floats at once. */

// Kept in memory: a constant in the code would be built anew, in three instructions, at each use.
const ZERO: usize = memory.data<f32>([0, 0, 0, 0], 16)
const ONE: usize = memory.data<f32>([1, 1, 1, 1], 16)
const HALF: usize = memory.data<f32>([0.5, 0.5, 0.5, 0.5], 16)
const SIXTH: usize = memory.data<f32>([1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0], 16)

/** The runner's codes: 0 none, 1 ReLU, 2 hard swish. */
// @ts-ignore: decorator
@inline
export function activate(value: v128, activation: i32): v128 {
  if (activation == 1) return f32x4.pmax(value, v128.load(ZERO))
  if (activation == 2) return f32x4.mul(value, hardSigmoid(value))
  return value
}

// One instruction each for `pmin` and `pmax`; `min` and `max`, which differ for NaN and negative zero, take six.
// @ts-ignore: decorator
@inline
export function hardSigmoid(value: v128): v128 {
  const share = multiplyAdd(v128.load(HALF), value, v128.load(SIXTH))
  return f32x4.pmin(f32x4.pmax(share, v128.load(ZERO)), v128.load(ONE))
}

// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  // One instruction that rounds once, where the build allows it: some 1e-6 of difference over the whole network.
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum)
  return f32x4.add(sum, f32x4.mul(a, b))
}
