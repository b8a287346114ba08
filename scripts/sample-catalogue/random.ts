/** Owns the seeded random numbers and the smooth noise that make every run of the generator the same. */
export type Random = {
  next(): number
  range(low: number, high: number): number
  int(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

function hashText(text: string): number {
  let hash = 2166136261
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619)
  return hash >>> 0
}

export function createRandom(seed: string): Random {
  let state = hashText(seed)
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(0, items.length - 1)]
    if (item === undefined) throw new Error('pick needs at least one item')
    return item
  }
  const shuffle = <T>(items: readonly T[]): T[] =>
    items
      .map(item => ({ item, key: next() }))
      .sort((a, b) => a.key - b.key)
      .map(entry => entry.item)
  return {
    next,
    int,
    pick,
    shuffle,
    range: (low, high) => low + next() * (high - low),
    chance: probability => next() < probability,
  }
}

export function lattice(x: number, y: number, z: number): number {
  let hash = Math.imul(x | 0, 374761393) ^ Math.imul(y | 0, 668265263) ^ Math.imul(z | 0, 2147483647 ^ 0x5bd1e995)
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}

const ease = (t: number): number => t * t * (3 - 2 * t)
const mix = (a: number, b: number, t: number): number => a + (b - a) * t

/** Smooth value noise in -1..1. */
export function noise(x: number, y: number, z: number): number {
  const ix = Math.floor(x)
  const iy = Math.floor(y)
  const iz = Math.floor(z)
  const u = ease(x - ix)
  const v = ease(y - iy)
  const w = ease(z - iz)
  const layer = (k: number): number =>
    mix(
      mix(lattice(ix, iy, k), lattice(ix + 1, iy, k), u),
      mix(lattice(ix, iy + 1, k), lattice(ix + 1, iy + 1, k), u),
      v,
    )
  return mix(layer(iz), layer(iz + 1), w) * 2 - 1
}
