/** Lets the event loop run in the middle of long work on the main thread. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long work goes on before the event loop gets its turn, in milliseconds; the product's limit for one block is 20. */
const TURN_MS = 8

/** Resolves at once while the turn lasts, else after the event loop has run. */
export type EventLoopYield = () => Promise<void>

/** The first turn starts now. */
export function createEventLoopYield(): EventLoopYield {
  let turnEndsAt = performance.now() + TURN_MS
  return async () => {
    if (performance.now() < turnEndsAt) return
    await nextTurn()
    turnEndsAt = performance.now() + TURN_MS
  }
}
