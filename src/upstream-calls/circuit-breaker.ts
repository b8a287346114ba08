/** The circuit breaker: an upstream that keeps failing is left alone for a while. */
import { AppError, type ErrorCode, partsOf } from '../errors.ts'
import { type Backoff, backoffMs } from '../time/backoff.ts'
import type { Clock } from '../time/clock.ts'

/** Consecutive failures that open the breaker. */
const FAILURES_TO_OPEN = 3

/** How long the breaker stays open; each failed probe doubles it. */
const OPEN_TIMES: Backoff = { firstMs: 30_000, maxMs: 900_000 }

/** Failures of the upstream or the key, as opposed to those of the offer, the picture or the caller. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  'upstream_unavailable',
  'certificate_untrusted',
  'upstream_rejected',
  'upstream_changed',
  'key_rejected',
  'not_granted',
  'rate_limited',
  'credits_exhausted',
])

/** One for each ability of an upstream. */
export interface Breaker {
  /**
   * Runs `work` unless the breaker is open. After the open time one call goes through as a probe and decides for the
   * rest.
   * @throws what `work` throws or, while open, the last failure with the time until the next attempt and no cost.
   */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createBreaker(clock: Clock): Breaker {
  let failures = 0
  let last: AppError | null = null
  let openUntil = Number.NEGATIVE_INFINITY
  let isProbing = false

  const isOpen = () => clock.monotonic() < openUntil
  const isTried = () => failures >= FAILURES_TO_OPEN || openUntil > Number.NEGATIVE_INFINITY

  function refuseWhileOpen(): void {
    if (last === null || !(isOpen() || isProbing)) return
    throw notAgain(last, Math.max(1_000, openUntil - clock.monotonic()))
  }

  function close(): void {
    failures = 0
    last = null
    openUntil = Number.NEGATIVE_INFINITY
  }

  function fail(error: AppError): void {
    failures += 1
    last = error
    const openMs = failures >= FAILURES_TO_OPEN ? backoffMs(OPEN_TIMES, failures - FAILURES_TO_OPEN) : 0
    const retryAfterMs = error.retryAfterMs ?? 0
    if (openMs + retryAfterMs > 0)
      openUntil = clock.monotonic() + Math.min(Math.max(openMs, retryAfterMs), OPEN_TIMES.maxMs)
  }

  return {
    async run(work) {
      refuseWhileOpen()
      const isProbe = isTried()
      isProbing ||= isProbe
      try {
        const value = await work()
        close()
        return value
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        if (error.code === 'not_found' || error.ofOneItem) close()
        else if (OUTAGES.has(error.code)) fail(error)
        throw error
      } finally {
        if (isProbe) isProbing = false
      }
    },
  }
}

/** The failure that opened the breaker, for a call that was not made. */
function notAgain(last: AppError, openMs: number): AppError {
  const seconds = Math.ceil(openMs / 1000)
  return new AppError({
    ...partsOf(last),
    message: `${last.message} It will not be asked again for ${seconds} s.`,
    retryable: true,
    retryAfterMs: openMs,
    creditsSpent: 0,
  })
}
