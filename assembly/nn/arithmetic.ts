/** Arithmetic on four 32-bit floats at once. */

/** The runner's codes: 0 none, 1 ReLU, 2 hard swish. */
// @ts-ignore: decorator
@inline
export function activate(value: v128, activation: i32): v128 {
  if (activation == 1) return f32x4.max(value, f32x4.splat(0))
  if (activation == 2) return f32x4.mul(value, hardSigmoid(value))
  return value
}

// @ts-ignore: decorator
@inline
export function hardSigmoid(value: v128): v128 {
  const raised = f32x4.add(value, f32x4.splat(3))
  return f32x4.mul(f32x4.min(f32x4.max(raised, f32x4.splat(0)), f32x4.splat(6)), f32x4.splat(1.0 / 6.0))
}

// @ts-ignore: decorator
@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  // One instruction that rounds once, where the build allows it: some 1e-6 of difference over the whole network.
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum)
  return f32x4.add(sum, f32x4.mul(a, b))
}
