/** If its store fails, the cache behaves as if it were empty. */
import type { Logger } from '../log.ts'
import { type CacheStore, NULL_CACHE_STORE } from './cache-store.ts'

/** A store that never rejects: on failure it acts like {@link NULL_CACHE_STORE} and logs once. */
export function createBestEffortStore(store: CacheStore, logger: Logger): CacheStore & { readonly works: boolean } {
  let wasLogged = false
  let works = store !== NULL_CACHE_STORE

  async function attempt<T>(work: (store: CacheStore) => Promise<T>): Promise<T> {
    try {
      const done = await work(store)
      works = store !== NULL_CACHE_STORE
      return done
    } catch (cause) {
      works = false
      if (!wasLogged) logger.warn('the reply cache is unavailable: calls it could answer may cost a credit', { cause })
      wasLogged = true
      return work(NULL_CACHE_STORE)
    }
  }

  return {
    look: key => attempt(it => it.look(key)),
    claim: (key, flightId, seenFlightId) => attempt(it => it.claim(key, flightId, seenFlightId)),
    renew: (key, flightId) => attempt(it => it.renew(key, flightId)),
    end: (key, flightId, end) => attempt(it => it.end(key, flightId, end)),
    count: change => attempt(it => it.count(change)),
    stats: () => attempt(it => it.stats()),
    close: () => attempt(it => it.close()),
    get works() {
      return works
    },
  }
}
