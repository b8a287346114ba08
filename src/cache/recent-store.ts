/** Owns answers in memory: what this process has read or fetched lately is still answered while the database of the replies is away. */
import type { CacheEntry, CacheStore, Sighting } from './cache-store.ts'

/** Answers that are remembered at most, and their characters of JSON; those used longest ago go first. */
const MAX_REMEMBERED = 2_000
const MAX_CHARACTERS = 8 * 2 ** 20

/** Makes a store that looks into `store` each time, and into memory where that rejects. What cannot be written rejects as before. */
export function createRecentStore(store: CacheStore): CacheStore {
  const recent = new Map<string, CacheEntry>()
  let characters = 0

  const forget = (key: string): void => {
    characters -= recent.get(key)?.content.length ?? 0
    recent.delete(key)
  }
  const remember = (key: string, entry: CacheEntry): void => {
    forget(key)
    recent.set(key, entry)
    characters += entry.content.length
    for (const [oldest] of recent) {
      if (recent.size <= MAX_REMEMBERED && characters <= MAX_CHARACTERS) return
      forget(oldest)
    }
  }
  return {
    ...store,
    async look(key): Promise<Sighting> {
      try {
        const sighting = await store.look(key)
        if (sighting.entry) remember(key, sighting.entry)
        return sighting
      } catch (error) {
        const entry = recent.get(key)
        if (entry === undefined) throw error
        return { entry, flight: { state: 'none' } }
      }
    },
    async end(key, flightId, end) {
      if (end.kind === 'landed') remember(key, { ...end.entry, flightId })
      await store.end(key, flightId, end)
    },
  }
}
