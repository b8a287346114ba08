/** The billing month of a key. */

const DAY_MS = 86_400_000

/** Applies if no reset day is known: the upstream's clients report a rolling 30 days. */
export const ROLLING_PERIOD_MS = 30 * DAY_MS

/** The start of the period at `now`, milliseconds since 1970. */
export function creditPeriodStart(now: number, resetDay: number | null): number {
  if (resetDay === null) return now - ROLLING_PERIOD_MS + 1
  const date = new Date(now)
  const thisMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), resetDay)
  return thisMonth <= now ? thisMonth : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, resetDay)
}

/**
 * When credits come back, milliseconds since 1970: all on the reset day or, without one, the oldest first.
 * @param oldestCallAt time of the oldest call in the period.
 * @returns `null` if no reset day is known and nothing was spent.
 */
export function creditsReturnAt(now: number, resetDay: number | null, oldestCallAt: number | null): number | null {
  if (resetDay === null) return oldestCallAt === null ? null : oldestCallAt + ROLLING_PERIOD_MS
  const start = new Date(creditPeriodStart(now, resetDay))
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, resetDay)
}
