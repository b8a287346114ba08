/** Six ways in which an upstream may limit calls to N a minute, each as it is commonly built. */

const WINDOW_MS = 60_000

export interface LimiterModel {
  /** Judges a call that arrives at `at` (milliseconds, never earlier than the one before): `null` lets it in, else when to come back, in milliseconds. */
  judge(at: number): number | null
}

/** Makes a limiter of `limit` calls a minute. */
export type LimiterFactory = (limit: number) => LimiterModel

/** Windows that begin at every full minute. */
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

/** Windows that begin with the first call after the one before has ended. */
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

/** This minute's calls plus the last minute's, the latter weighted by how much of it a minute back from now still covers. */
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

/** N tokens at most, refilled evenly. */
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

/** Calls evenly spaced, with no burst at all (GCRA without tolerance). */
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
