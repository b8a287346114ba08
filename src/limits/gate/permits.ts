/** How many calls may be on the wire at once. */
import { createWaitLine } from './queue.ts'

export interface Permits {
  /**
   * Waits for a permit.
   * @returns gives it back; calling it again does nothing.
   * @throws AppError as `throwIfAborted` of errors.ts, as soon as `signal` aborts.
   */
  take(signal: AbortSignal): Promise<() => void>
}

export function createPermits(count: number): Permits {
  const line = createWaitLine()
  let free = count

  function release(): void {
    if (!line.callFirst()) free++
  }

  return {
    async take(signal) {
      if (free > 0) free--
      else await line.join(signal)
      let held = true
      return () => {
        if (!held) return
        held = false
        release()
      }
    },
  }
}
