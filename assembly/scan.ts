/**
 * The inner loops of the exact scan. Rows lie in blocks of {@link BLOCK_ROWS}, so that what decides about most of them
 * is read without the rest: the heads (first components) of all rows of a block, their tails (the others), one over the
 * length of each row, and the share of its tail in that length, as f32.
 */

/** As in src/catalogue/ranking/scanner.ts. */
const BLOCK_ROWS: usize = 4096
const HIGHEST: f32 = f32.MAX_VALUE

/**
 * Keeps the picks that may score `least` or more with a query: the tails of two vectors have at most the product of
 * their lengths in common (Cauchy-Schwarz), so that their heads alone say how similar the vectors are at most.
 * @param queries address of `queryCount` consecutive vectors of `dimensions` i16; 16-byte aligned
 * @param scales address of their f32 factors: one over the length of each query
 * @param tails address of the f32 shares of the queries' tails in their lengths
 * @param rows address of the first block; 16-byte aligned
 * @param picks address of `pickCount` u32 row numbers; those kept replace them, in their order
 * @param dimensions a multiple of 16, like `head`
 * @returns how many are kept
 */
export function screen(
  queries: usize,
  scales: usize,
  tails: usize,
  queryCount: i32,
  rows: usize,
  picks: usize,
  pickCount: i32,
  dimensions: usize,
  head: usize,
  least: f32,
): i32 {
  const bar = f32x4.splat(least)
  let kept = picks
  for (let i = 0; i < pickCount; i += 4) {
    const pick = picks + (<usize>i << 2)
    const left = pickCount - i
    const pick0 = load<u32>(pick)
    const pick1 = left > 1 ? load<u32>(pick, 4) : pick0
    const pick2 = left > 2 ? load<u32>(pick, 8) : pick0
    const pick3 = left > 3 ? load<u32>(pick, 12) : pick0
    const inverses = lengthsOf(rows, dimensions, pick0, pick1, pick2, pick3, 0)
    const shares = lengthsOf(rows, dimensions, pick0, pick1, pick2, pick3, 1)
    let best = f32x4.splat(-HIGHEST)
    for (let v = 0; v < queryCount; v++) {
      const products = fourDots(
        headOf(rows, dimensions, head, pick0),
        headOf(rows, dimensions, head, pick1),
        headOf(rows, dimensions, head, pick2),
        headOf(rows, dimensions, head, pick3),
        queries + <usize>v * dimensions * 2,
        head,
      )
      const scale = v128.load32_splat(scales + (<usize>v << 2))
      const tail = v128.load32_splat(tails + (<usize>v << 2))
      const inHeads = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(products), scale), inverses)
      best = f32x4.max(best, f32x4.add(inHeads, f32x4.mul(tail, shares)))
    }
    const passes = i32x4.bitmask(f32x4.ge(best, bar)) & ((1 << min(left, 4)) - 1)
    if (passes == 0) continue
    if (passes & 1) kept = append(kept, pick0)
    if (passes & 2) kept = append(kept, pick1)
    if (passes & 4) kept = append(kept, pick2)
    if (passes & 8) kept = append(kept, pick3)
  }
  return <i32>((kept - picks) >> 2)
}

/**
 * For each picked row, writes the largest `dot(row, query) * scale` over all queries. A sum of 16-bit products fits 32
 * bits for up to 133,000 components. Four rows at a time share each load of a query, and stay in the L1 cache for all
 * queries. The parameters are those of {@link screen}.
 * @param scores address to which `pickCount` f32 are written
 */
export function scan(
  queries: usize,
  scales: usize,
  queryCount: i32,
  rows: usize,
  picks: usize,
  pickCount: i32,
  dimensions: usize,
  head: usize,
  scores: usize,
): void {
  const last = pickCount - 4
  for (let i = 0; i < pickCount; i += 4) {
    // The last four may overlap those before.
    const first = i > last && last >= 0 ? last : i
    const pick0 = load<u32>(picks + (<usize>first << 2))
    const pick1 = load<u32>(picks + (<usize>min(first + 1, pickCount - 1) << 2))
    const pick2 = load<u32>(picks + (<usize>min(first + 2, pickCount - 1) << 2))
    const pick3 = load<u32>(picks + (<usize>min(first + 3, pickCount - 1) << 2))
    let best = f32x4.splat(-HIGHEST)
    for (let v = 0; v < queryCount; v++) {
      const query = queries + <usize>v * dimensions * 2
      const heads = fourDots(
        headOf(rows, dimensions, head, pick0),
        headOf(rows, dimensions, head, pick1),
        headOf(rows, dimensions, head, pick2),
        headOf(rows, dimensions, head, pick3),
        query,
        head,
      )
      const tails = fourDots(
        tailOf(rows, dimensions, head, pick0),
        tailOf(rows, dimensions, head, pick1),
        tailOf(rows, dimensions, head, pick2),
        tailOf(rows, dimensions, head, pick3),
        query + head * 2,
        dimensions - head,
      )
      const scale = v128.load32_splat(scales + (<usize>v << 2))
      best = f32x4.max(best, f32x4.mul(f32x4.convert_i32x4_s(i32x4.add(heads, tails)), scale))
    }
    store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 0))
    if (first + 1 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 1), 4)
    if (first + 2 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 2), 8)
    if (first + 3 < pickCount) store<f32>(scores + (<usize>first << 2), f32x4.extract_lane(best, 3), 12)
  }
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function append(kept: usize, pick: u32): usize {
  store<u32>(kept, pick)
  return kept + 4
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function blockOf(rows: usize, dimensions: usize, pick: u32): usize {
  return rows + (<usize>pick / BLOCK_ROWS) * BLOCK_ROWS * (dimensions + 8)
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function headOf(rows: usize, dimensions: usize, head: usize, pick: u32): usize {
  return blockOf(rows, dimensions, pick) + (<usize>pick % BLOCK_ROWS) * head
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function tailOf(rows: usize, dimensions: usize, head: usize, pick: u32): usize {
  return blockOf(rows, dimensions, pick) + BLOCK_ROWS * head + (<usize>pick % BLOCK_ROWS) * (dimensions - head)
}

/** @param kind 0 for one over the length, 1 for the tail's share. */
// @ts-ignore: decorators are AssemblyScript's
@inline
function lengthsOf(rows: usize, dimensions: usize, a: u32, b: u32, c: u32, d: u32, kind: usize): v128 {
  const at = BLOCK_ROWS * (dimensions + 4 * kind)
  let lengths = v128.load32_splat(blockOf(rows, dimensions, a) + at + (<usize>a % BLOCK_ROWS) * 4)
  lengths = v128.load32_lane(blockOf(rows, dimensions, b) + at + (<usize>b % BLOCK_ROWS) * 4, lengths, 1)
  lengths = v128.load32_lane(blockOf(rows, dimensions, c) + at + (<usize>c % BLOCK_ROWS) * 4, lengths, 2)
  return v128.load32_lane(blockOf(rows, dimensions, d) + at + (<usize>d % BLOCK_ROWS) * 4, lengths, 3)
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
