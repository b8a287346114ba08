/** The one figure that stands for many. */

/** The figure that `share` (0..1) of `figures` lie below; the median is that of 0.5. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN
}
