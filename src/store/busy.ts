/** Waits for another process's lock on a SQLite file without blocking the event loop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Backoff, backoffMs } from '../time/backoff.ts'
import { isBusy } from './sqlite.ts'

/** Total wait for a lock; a writer holds it for about 10 ms. */
const GIVE_UP_MS = 10_000

const PAUSES: Backoff = { firstMs: 2, maxMs: 50, jitter: 1 }

/**
 * Retries `work`, after pauses with jitter, while another process holds the lock it needs. `work` must have no effect
 * when it throws, like a transaction.
 * @throws what `work` throws: anything but a lock at once, the lock's error after `patienceMs`.
 */
export async function whenFree<T>(work: () => T, patienceMs = GIVE_UP_MS): Promise<T> {
  const giveUpAt = performance.now() + patienceMs
  for (let retries = 0; ; retries++) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > giveUpAt) throw error
    }
    await sleep(backoffMs(PAUSES, retries, Math.random()))
  }
}
