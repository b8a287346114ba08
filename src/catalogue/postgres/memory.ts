/** Decides when this process ranks the PostgreSQL catalogue in memory. */
import type { PostgresTables } from '../../store/postgres.ts'
import type { NearestQuery } from '../catalogue.ts'
import { createMemoryRanking, type MemoryRanking } from '../ranking/memory-ranking.ts'
import type { Ranking } from '../ranking/vector-index.ts'
import { createPostgresFeed } from './index-feed.ts'

/** Some 0.7 kB per offer with a vector of 512 components. */
const OFFERS_IN_MEMORY = 500_000

/** How often to check whether the catalogue fits, in milliseconds. */
const CHECK_AGAIN_MS = 600_000

const FITS = `SELECT count(*) <= ${OFFERS_IN_MEMORY} AS fits FROM (SELECT 1 FROM mcp1688_offers LIMIT ${OFFERS_IN_MEMORY + 1}) AS counted`

export interface PostgresMemoryOptions {
  /** The folder of scan.wasm. */
  distDir: string
  /**
   * `later`: the second search with a model starts reading its vectors in the background; a command that searches once
   * would wait for them in vain. `at once` and `never` are for tests and measurements.
   */
  when: 'later' | 'at once' | 'never'
}

export interface PostgresMemory {
  /** `null` if the catalogue is not in memory (yet), so that the database must rank. */
  rank(query: NearestQuery): Promise<Ranking | null>
}

export function createPostgresMemory(tables: PostgresTables, { distDir, when }: PostgresMemoryOptions): PostgresMemory {
  const searched = new Set<string>()
  let ranking: MemoryRanking | null = null
  const loading = new Set<string>()
  const loaded = new Set<string>()
  let checkedAt = Number.NEGATIVE_INFINITY
  let fits = false

  const checkSize = async (): Promise<boolean> => {
    if (performance.now() - checkedAt > CHECK_AGAIN_MS) {
      fits = (await tables.query(FITS))[0]?.fits === true
      checkedAt = performance.now()
    }
    if (fits) return true
    ranking = null
    loaded.clear()
    return false
  }
  const rankHere = (query: NearestQuery): Promise<Ranking> => {
    ranking ??= createMemoryRanking(distDir, async (index, model) => createPostgresFeed(tables, index, model))
    return ranking.rank(query)
  }
  /** Nothing waits for it; if it fails, a later search tries again. */
  const load = async (query: NearestQuery, key: string): Promise<void> => {
    loading.add(key)
    try {
      await rankHere(query)
      loaded.add(key)
    } finally {
      loading.delete(key)
    }
  }

  return {
    async rank(query) {
      const length = query.vectors[0]?.length ?? 0
      // The kernel processes sixteen components at a time.
      if (when === 'never' || length === 0 || length % 16 !== 0) return null
      if (when === 'at once') return await rankHere(query)
      const key = query.model
      const isFirst = !searched.has(key)
      searched.add(key)
      if (isFirst || !(await checkSize())) return null
      if (loaded.has(key)) return await rankHere(query)
      if (!loading.has(key)) load(query, key).catch(() => undefined)
      return null
    },
  }
}
