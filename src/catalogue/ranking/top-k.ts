export interface TopK<T> {
  /** A lower score has no place any more; negative infinity until there are as many items as have a place. */
  least(): number
  offer(score: number, item: T): void
  /** Best first. */
  sorted(): Array<{ score: number; item: T }>
}

/**
 * A buffer of twice the capacity that is sorted and cut when full. This is cheaper than a heap because after the first
 * cut nearly every item fails a single comparison.
 * @param compareTied orders items with equal scores.
 */
export function createTopK<T>(capacity: number, compareTied: (a: T, b: T) => number): TopK<T> {
  let top: Array<{ score: number; item: T }> = []
  let threshold = Number.NEGATIVE_INFINITY

  const cut = (): void => {
    top.sort((a, b) => b.score - a.score || compareTied(a.item, b.item))
    top = top.slice(0, capacity)
    if (top.length === capacity) threshold = top.at(-1)?.score ?? Number.POSITIVE_INFINITY
  }
  return {
    least: () => threshold,
    offer(score, item) {
      if (score < threshold) return
      top.push({ score, item })
      if (top.length >= (threshold === Number.NEGATIVE_INFINITY ? capacity : 2 * capacity + 64)) cut()
    },
    sorted() {
      cut()
      return top
    },
  }
}
