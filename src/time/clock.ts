/** A clock that tests can replace. */
import { throwIfAborted } from '../errors.ts'

export interface Clock {
  /** Wall time, milliseconds since 1970. It can be set back or forward at any moment. */
  now(): number
  /** Milliseconds since an arbitrary moment, the same for every process until the machine restarts. Never goes back. */
  monotonic(): number
  /** @returns a function that cancels the timer. */
  setTimer(callback: () => void, delayMs: number): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => Number(process.hrtime.bigint()) / 1e6,
  setTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * @throws AppError as {@link throwIfAborted} does, as soon as `signal` aborts.
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
