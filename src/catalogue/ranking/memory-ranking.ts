/** Ranks in this process, with an in-memory index per model that follows the store and answers one query at a time. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import { createEventLoopYield, type EventLoopYield } from '../../time/yield-to-event-loop.ts'
import type { NearestQuery } from '../catalogue.ts'
import { createGroupFilter } from './group-filter.ts'
import { createVectorIndex, type Ranking, type VectorIndex } from './vector-index.ts'

/** Brings an index up to date with everything committed before the call. */
export type CatchUp = (yieldToEventLoop: EventLoopYield) => Promise<void>

/** @param index of one model, still empty. */
export type OpenFeed = (index: VectorIndex, model: string) => Promise<CatchUp>

export interface MemoryRanking {
  /** Compares every offer that passes the filters; `best` starts at the first page. */
  rank(query: NearestQuery): Promise<Ranking>
}

interface FedIndex {
  index: VectorIndex
  catchUp: CatchUp
}

/** @param distDir the folder of scan.wasm, which is read at the first query. */
export function createMemoryRanking(distDir: string, openFeed: OpenFeed): MemoryRanking {
  const indexes = new Map<string, FedIndex>()
  const inTurn = pLimit(1)

  const indexOf = async (model: string, dimensions: number): Promise<FedIndex> => {
    const known = indexes.get(model)
    if (known) return known
    const index = await createVectorIndex(await readFile(path.join(distDir, 'scan.wasm')), dimensions)
    const fed = { index, catchUp: await openFeed(index, model) }
    indexes.set(model, fed)
    return fed
  }
  const rank = async ({
    model,
    vectors,
    sources,
    filters,
    except,
    offset,
    limit,
    reference,
  }: NearestQuery): Promise<Ranking> => {
    const yieldToEventLoop = createEventLoopYield()
    const { index, catchUp } = await indexOf(model, vectors[0]?.length ?? 0)
    await catchUp(yieldToEventLoop)
    const admits = createGroupFilter(sources, filters)
    const { minPrice, maxPrice, maxMoq } = filters
    const bounds = { minPrice, maxPrice, maxMoq, except }
    const span = Math.max(1, offset + limit)
    return await index.rank({ vectors, admits, ...bounds, limit: span, reference }, yieldToEventLoop)
  }
  return { rank: query => inTurn(rank, query) }
}
