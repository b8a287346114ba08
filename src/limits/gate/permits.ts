/** Limits how many calls may be sent at once. */
import { createWaitLine } from './queue.ts'

export interface Permits {
  /**
   * @param onWait called if none is free.
   * @returns a function that releases the permit; calling it again does nothing.
   * @throws AppError as {@link throwIfAborted} does.
   */
  take(signal: AbortSignal, onWait?: () => void): Promise<() => void>
}

export function createPermits(count: number): Permits {
  const line = createWaitLine()
  let free = count

  function release(): void {
    if (!line.callFirst()) free++
  }

  return {
    async take(signal, onWait) {
      if (free > 0) free--
      else {
        onWait?.()
        await line.join(signal)
      }
      let held = true
      return () => {
        if (!held) return
        held = false
        release()
      }
    },
  }
}
