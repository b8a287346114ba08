/** Gives way: long work on the main thread lets the event loop run in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long work goes on before the event loop gets its turn, in milliseconds; the product's limit for one block is 20. */
const TURN_MS = 8

/** Resolves at once while the turn lasts, else after the event loop has run. */
export type Breathe = () => Promise<void>

/** Makes a {@link Breathe} whose first turn starts now. */
export function createBreathe(): Breathe {
  let turnEndsAt = performance.now() + TURN_MS
  return async () => {
    if (performance.now() < turnEndsAt) return
    await nextTurn()
    turnEndsAt = performance.now() + TURN_MS
  }
}
