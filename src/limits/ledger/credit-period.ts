/** The billing month: from when credits count, and when they come back. */

const DAY_MS = 86_400_000

/** How long a credit counts where no reset day is known: the upstream's clients report a rolling 30 days. */
export const ROLLING_PERIOD_MS = 30 * DAY_MS

/** The first moment (milliseconds since 1970) whose calls count against the credits at `now`. */
export function creditPeriodStart(now: number, resetDay: number | null): number {
  if (resetDay === null) return now - ROLLING_PERIOD_MS + 1
  const date = new Date(now)
  const thisMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), resetDay)
  return thisMonth <= now ? thisMonth : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, resetDay)
}

/**
 * When credits come back (milliseconds since 1970): all of them on the reset day, or the oldest ones first where none is known.
 * @param oldestCallAt when the oldest call that counts was made; `null` if there is none.
 * @returns `null` where no reset day is known and nothing was spent.
 */
export function creditsReturnAt(now: number, resetDay: number | null, oldestCallAt: number | null): number | null {
  if (resetDay === null) return oldestCallAt === null ? null : oldestCallAt + ROLLING_PERIOD_MS
  const start = new Date(creditPeriodStart(now, resetDay))
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, resetDay)
}
