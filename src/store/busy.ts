/** Waits for another process's lock on a SQLite file without holding up the event loop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backoff, backoffMs } from '../time/backoff.ts'
import { isBusy } from './sqlite.ts'

/** How long a lock is waited for in all, in milliseconds; a writer here holds it for some ten. */
const GIVE_UP_MS = 10_000

const PAUSES: Backoff = { firstMs: 2, maxMs: 50, jitter: 1 }

/**
 * Runs `work` again, after pauses with jitter, for as long as another process holds the lock that it needs. `work` must leave nothing
 * behind when it throws, as a transaction does.
 * @throws what `work` throws: anything but a lock at once, the lock's error after {@link GIVE_UP_MS}.
 */
export async function whenFree<T>(work: () => T): Promise<T> {
  const giveUpAt = performance.now() + GIVE_UP_MS
  for (let retries = 0; ; retries++) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error
    }
    await sleep(backoffMs(PAUSES, retries, Math.random()))
  }
}
