/**
 * The inner loop of the exact scan: for each picked row, writes the largest `dot(row, query) * scale` over all queries.
 * A sum of 16-bit products fits 32 bits for up to 133,000 components. Four rows at a time share each load of a query, and
 * stay in the L1 cache for all queries.
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
  const last = pickCount - 4
  for (let i = 0; i < pickCount; i += 4) {
    // The last four may overlap those before.
    const first = i > last && last >= 0 ? last : i
    const pick = picks + (<usize>first << 2)
    const row0 = rows + <usize>load<u32>(pick) * bytes
    const row1 = rows + <usize>load<u32>(picks + (<usize>min(first + 1, pickCount - 1) << 2)) * bytes
    const row2 = rows + <usize>load<u32>(picks + (<usize>min(first + 2, pickCount - 1) << 2)) * bytes
    const row3 = rows + <usize>load<u32>(picks + (<usize>min(first + 3, pickCount - 1) << 2)) * bytes
    let best = f32x4.splat(-f32.MAX_VALUE)
    for (let v = 0; v < queryCount; v++) {
      const products = fourDots(row0, row1, row2, row3, queries + <usize>v * bytes * 2, bytes)
      const scale = v128.load32_splat(scales + (<usize>v << 2))
      best = f32x4.max(best, f32x4.mul(f32x4.convert_i32x4_s(products), scale))
    }
    store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 0))
    if (first + 1 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 1), 4)
    if (first + 2 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 2), 8)
    if (first + 3 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 3), 12)
  }
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function fourDots(row0: usize, row1: usize, row2: usize, row3: usize, query: usize, bytes: usize): v128 {
  let a = i32x4.splat(0)
  let b = a
  let c = a
  let d = a
  for (let k: usize = 0; k < bytes; k += 16) {
    const low = v128.load(query)
    const high = v128.load(query, 16)
    query += 32
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(row0 + k), low))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(row1 + k), low))
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_s(row2 + k), low))
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_s(row3 + k), low))
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_s(row0 + k, 8), high))
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_s(row1 + k, 8), high))
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_s(row2 + k, 8), high))
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_s(row3 + k, 8), high))
  }
  // Transposed, so that each lane sums one row.
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 1, 4, 5), v128.shuffle<i32>(a, b, 2, 3, 6, 7))
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 1, 4, 5), v128.shuffle<i32>(c, d, 2, 3, 6, 7))
  return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 2, 4, 6), v128.shuffle<i32>(ab, cd, 1, 3, 5, 7))
}
