/** A first-in, first-out waiting line within one process; a cancelled caller leaves it. */
import { throwIfAborted } from '../../errors.ts'

export interface WaitLine {
  /**
   * Waits until called. Resolves even if `signal` aborts right after the call, so that no turn is lost.
   * @throws AppError as {@link throwIfAborted} does.
   */
  join(signal: AbortSignal): Promise<void>
  /** Releases the first caller; false if the line is empty. */
  callFirst(): boolean
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
