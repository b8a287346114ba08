/** Time as the limits see it: a clock that tests can replace, and waiting on it. */
import { throwIfAborted } from '../errors.ts'

export interface Clock {
  /** Wall time, milliseconds since 1970. It can be set back or forward under our feet. */
  now(): number
  /** Milliseconds since an unknown moment, the same one for every process of this machine since it started. Never goes back. */
  monotonic(): number
  /** Calls `callback` once after `delayMs`, unless the returned function is called before. */
  setTimer(callback: () => void, delayMs: number): () => void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * Waits `delayMs`.
 * @throws AppError `cancelled`, or the AppError that is the abort's reason, as soon as `signal` aborts.
 */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal)
  await new Promise<void>(resolve => {
    const wake = (): void => {
      stopTimer()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const stopTimer = clock.setTimer(wake, delayMs)
    signal?.addEventListener('abort', wake)
  })
  throwIfAborted(signal)
}
