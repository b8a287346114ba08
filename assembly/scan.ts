/**
 * The inner loop of the exact scan: for each picked row, writes the largest `dot(row, query) * scale` over all queries.
 * A sum of 16-bit products fits 32 bits for up to 133,000 components. Each row is read once and stays in the L1 cache
 * for all queries.
 * @param queries address of `queryCount` consecutive vectors of `dimensions` i16; 16-byte aligned
 * @param scales address of their f32 factors: one over the length of each query
 * @param rows address of row 0; each row is `dimensions` i8; 16-byte aligned
 * @param picks address of `pickCount` u32 row numbers
 * @param dimensions a multiple of 16
 * @param scores address to which `pickCount` f32 are written
 */
export function scan(
  queries: usize,
  scales: usize,
  queryCount: i32,
  rows: usize,
  picks: usize,
  pickCount: i32,
  dimensions: i32,
  scores: usize,
): void {
  const bytes = <usize>dimensions
  for (let i = 0; i < pickCount; i++) {
    const row = rows + <usize>load<u32>(picks + (<usize>i << 2)) * bytes
    let best = -f32.MAX_VALUE
    for (let v = 0; v < queryCount; v++) {
      const product = dot(row, queries + <usize>v * bytes * 2, bytes)
      best = max(best, <f32>product * load<f32>(scales + (<usize>v << 2)))
    }
    store<f32>(scores + (<usize>i << 2), best)
  }
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function dot(row: usize, query: usize, bytes: usize): i32 {
  let low = i32x4.splat(0)
  let high = i32x4.splat(0)
  for (let k: usize = 0; k < bytes; k += 16) {
    const chunk = v128.load(row + k)
    low = i32x4.add(low, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(chunk), v128.load(query + (k << 1))))
    high = i32x4.add(high, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(chunk), v128.load(query + (k << 1), 16)))
  }
  const sum = i32x4.add(low, high)
  return (
    i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1) + i32x4.extract_lane(sum, 2) + i32x4.extract_lane(sum, 3)
  )
}
