/** The circuit breaker: an upstream that keeps failing is not asked again and again while others can answer. */
import { AppError, type ErrorCode, partsOf } from '../errors.ts'
import { type Backoff, backoffMs } from '../time/backoff.ts'
import type { Clock } from '../time/clock.ts'

/** Failures in a row that open the breaker. */
const FAILURES_TO_OPEN = 3

/** How long it stays open at first; each probe that fails doubles that. */
const RESTS: Backoff = { firstMs: 30_000, maxMs: 900_000 }

/** Failures that say something of the upstream or the key; all others (the offer, the picture, the caller) say nothing. */
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

/** The breaker of one thing that an upstream can do. */
export interface Breaker {
  /**
   * Runs `work`, unless the breaker is open. After its rest one call is let through; how that ends decides for the others.
   * @throws what `work` throws, or, open, the last failure again with the time of the next try; then nothing was spent.
   */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createBreaker(clock: Clock): Breaker {
  let failures = 0
  let last: AppError | null = null
  let restsUntil = Number.NEGATIVE_INFINITY
  let isProbing = false

  const isOpen = () => clock.monotonic() < restsUntil
  const isTried = () => failures >= FAILURES_TO_OPEN || restsUntil > Number.NEGATIVE_INFINITY

  function refuseWhileOpen(): void {
    if (last === null || !(isOpen() || isProbing)) return
    throw notAgain(last, Math.max(1_000, restsUntil - clock.monotonic()))
  }

  function close(): void {
    failures = 0
    last = null
    restsUntil = Number.NEGATIVE_INFINITY
  }

  function fail(error: AppError): void {
    failures += 1
    last = error
    const restMs = failures >= FAILURES_TO_OPEN ? backoffMs(RESTS, failures - FAILURES_TO_OPEN) : 0
    const toldMs = error.retryAfterMs ?? 0
    if (restMs + toldMs > 0) restsUntil = clock.monotonic() + Math.min(Math.max(restMs, toldMs), RESTS.maxMs)
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

/** The failure that opened the breaker, told to a call that was not made. */
function notAgain(last: AppError, restMs: number): AppError {
  const seconds = Math.ceil(restMs / 1000)
  return new AppError({
    ...partsOf(last),
    message: `${last.message} It is not asked again before ${seconds} s have passed.`,
    retryable: true,
    retryAfterMs: restMs,
    creditsSpent: 0,
  })
}
