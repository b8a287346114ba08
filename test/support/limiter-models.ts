/** Six common ways in which an upstream may limit calls to N per minute. */

const WINDOW_MS = 60_000

export interface LimiterModel {
  /**
   * @param at in milliseconds, never earlier than for the previous call.
   * @returns `null` to admit the call, otherwise when to retry, in milliseconds.
   */
  judge(at: number): number | null
}

export type LimiterFactory = (limit: number) => LimiterModel

export const fixedWindowAligned: LimiterFactory = limit => {
  let window = -1
  let count = 0
  return {
    judge(at) {
      const current = Math.floor(at / WINDOW_MS)
      if (current !== window) [window, count] = [current, 0]
      if (count >= limit) return (current + 1) * WINDOW_MS - at
      count++
      return null
    },
  }
}

/** A window begins with the first call after the previous window. */
export const fixedWindowFromFirstCall: LimiterFactory = limit => {
  let end = Number.NEGATIVE_INFINITY
  let count = 0
  return {
    judge(at) {
      if (at >= end) [end, count] = [at + WINDOW_MS, 0]
      if (count >= limit) return end - at
      count++
      return null
    },
  }
}

/** At most N in any minute. */
export const slidingLog: LimiterFactory = limit => {
  const log: number[] = []
  return {
    judge(at) {
      while (log.length > 0 && at - (log[0] ?? at) >= WINDOW_MS) log.shift()
      if (log.length >= limit) return WINDOW_MS - (at - (log[0] ?? at))
      log.push(at)
      return null
    },
  }
}

/** This minute's calls plus the share of the last minute's that the sliding window still covers. */
export const slidingCounter: LimiterFactory = limit => {
  let window = 0
  let [count, before] = [0, 0]
  return {
    judge(at) {
      const current = Math.floor(at / WINDOW_MS)
      if (current !== window) [before, count, window] = [current === window + 1 ? count : 0, 0, current]
      const rest = 1 - (at % WINDOW_MS) / WINDOW_MS
      if (count + before * rest + 1 > limit) return Math.max(1, before > 0 ? WINDOW_MS / before : rest * WINDOW_MS)
      count++
      return null
    },
  }
}

export const tokenBucket: LimiterFactory = limit => {
  let tokens = limit
  let last = 0
  return {
    judge(at) {
      tokens = Math.min(limit, tokens + ((at - last) * limit) / WINDOW_MS)
      last = at
      if (tokens < 1) return ((1 - tokens) * WINDOW_MS) / limit
      tokens--
      return null
    },
  }
}

/** Evenly spaced calls without bursts (GCRA without tolerance). */
export const spacedGcra: LimiterFactory = limit => {
  let nextAt = Number.NEGATIVE_INFINITY
  return {
    judge(at) {
      if (at < nextAt) return nextAt - at
      nextAt = at + WINDOW_MS / limit
      return null
    },
  }
}
