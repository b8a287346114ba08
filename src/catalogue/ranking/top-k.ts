/** Keeps the best few of many. */

/** Keeps the best `capacity` of all that is offered to it. */
export interface Best<T> {
  /** Takes an item if its score can be among the best. */
  offer(score: number, item: T): void
  /** What was kept, best first. */
  sorted(): Array<{ score: number; item: T }>
}

/**
 * Makes a {@link Best}: a buffer of twice the capacity that is sorted and cut when full, which is cheaper than a heap because after
 * the first cut nearly everything fails one comparison.
 * @param compareTied orders items of equal score, first one first.
 */
export function createBest<T>(capacity: number, compareTied: (a: T, b: T) => number): Best<T> {
  let kept: Array<{ score: number; item: T }> = []
  let threshold = Number.NEGATIVE_INFINITY

  const cut = (): void => {
    kept.sort((a, b) => b.score - a.score || compareTied(a.item, b.item))
    kept = kept.slice(0, capacity)
    if (kept.length === capacity) threshold = kept.at(-1)?.score ?? Number.POSITIVE_INFINITY
  }
  return {
    offer(score, item) {
      if (score < threshold) return
      kept.push({ score, item })
      if (kept.length >= 2 * capacity + 64) cut()
    },
    sorted() {
      cut()
      return kept
    },
  }
}
