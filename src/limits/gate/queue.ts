/** A waiting line inside a process: first come, first served; a caller that gives up leaves it. */
import { throwIfAborted } from '../../errors.ts'

export interface WaitLine {
  /**
   * Waits until called. Whoever was called has been called, even if `signal` aborts in the same moment: what was handed over is not lost.
   * @throws AppError as `throwIfAborted` of errors.ts, as soon as `signal` aborts.
   */
  join(signal: AbortSignal): Promise<void>
  /** Lets the first one go on; false if nobody waits. */
  callFirst(): boolean
  /** How many wait. */
  readonly length: number
}

export function createWaitLine(): WaitLine {
  const waiting = new Set<() => void>()
  return {
    async join(signal) {
      throwIfAborted(signal)
      const called = await new Promise<boolean>(resolve => {
        const end = (wasCalled: boolean): void => {
          waiting.delete(goOn)
          signal.removeEventListener('abort', giveUp)
          resolve(wasCalled)
        }
        const goOn = (): void => end(true)
        const giveUp = (): void => end(false)
        waiting.add(goOn)
        signal.addEventListener('abort', giveUp)
      })
      if (!called) throwIfAborted(signal)
    },
    callFirst() {
      const [first] = waiting
      first?.()
      return first !== undefined
    },
    get length() {
      return waiting.size
    },
  }
}
