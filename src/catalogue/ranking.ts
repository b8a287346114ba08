/** Owns ranking the catalogue by similarity: an index for each model, kept in step with the file and asked one query at a time. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createBreathe } from './breathe.ts'
import type { Catalogue, CatalogueHit, NearestQuery } from './catalogue.ts'
import type { CatalogueFile } from './catalogue-file.ts'
import { createGroupFilter } from './filters.ts'
import { asVector, type CatchUp, createIndexFeed } from './index-feed.ts'
import { type OfferRow, readOffer } from './offer-rows.ts'
import { inverseLength } from './scanner.ts'
import { createVectorIndex, type Ranking, type VectorIndex } from './vector-index.ts'

type Rankings = Pick<Catalogue, 'nearest' | 'similarities'>

interface FedIndex {
  index: VectorIndex
  catchUp: CatchUp
}

/**
 * Makes the ranking half of the catalogue.
 * @param distDir the folder of scan.wasm, which is read at the first query.
 */
export function createRankings(file: CatalogueFile, distDir: string): Rankings {
  return { nearest: createNearest(file, distDir), similarities: createSimilarities(file) }
}

function createNearest(file: CatalogueFile, distDir: string): Rankings['nearest'] {
  const getById = file.database.prepare('SELECT * FROM offers WHERE id IN (SELECT value FROM json_each(?))')
  const indexes = new Map<string, FedIndex>()
  const inTurn = createTurns()

  const openIndex = async (model: string, dimensions: number): Promise<FedIndex> => {
    const index = await createVectorIndex(await readFile(path.join(distDir, 'scan.wasm')), dimensions)
    return { index, catchUp: await file.read(() => createIndexFeed(file, index, model)) }
  }
  const indexOf = async (model: string, dimensions: number): Promise<FedIndex> => {
    const fed = indexes.get(model) ?? (await openIndex(model, dimensions))
    indexes.set(model, fed)
    return fed
  }
  const rank = async ({ model, vectors, sources, filters, offset, limit }: NearestQuery): Promise<Ranking> => {
    const breathe = createBreathe()
    const { index, catchUp } = await indexOf(model, vectors[0]?.length ?? 0)
    await catchUp(breathe)
    const admits = createGroupFilter(sources, filters.location)
    const { maxPrice, maxMoq } = filters
    return await index.rank({ views: vectors, admits, maxPrice, maxMoq, limit: Math.max(1, offset + limit) }, breathe)
  }
  const readHits = async (best: Ranking['best']): Promise<CatalogueHit[]> => {
    const rows: OfferRow[] = await file.read(() => getById.all(JSON.stringify(best.map(({ id }) => id))))
    const rowOfId = new Map(rows.map(row => [row.id, row]))
    return best.flatMap(({ id, cosine }) => {
      const row = rowOfId.get(id)
      return row ? [{ ...readOffer(row), cosine }] : []
    })
  }
  return async query => {
    const { best, compared, known } = await inTurn(() => rank(query))
    const hits = await readHits(best.slice(query.offset, query.offset + query.limit))
    return { hits, bestCosine: best[0]?.cosine ?? null, compared, known }
  }
}

function createSimilarities({ database, read }: CatalogueFile): Rankings['similarities'] {
  const getVectors = database.prepare(`
    SELECT offer_id, vector FROM offers JOIN embeddings ON offer = id AND model = ?
    WHERE source = ? AND offer_id IN (SELECT value FROM json_each(?))`)
  return async (source, offerIds, model, vectors) => {
    const rows: Array<{ offer_id: string; vector: Uint8Array }> = await read(() =>
      getVectors.all(model, source, JSON.stringify(offerIds)),
    )
    const cosines = new Map<string, number>()
    for (const row of rows) {
      const vector = asVector(row.vector)
      cosines.set(row.offer_id, Math.max(...vectors.map(view => cosine(view, vector))))
    }
    return cosines
  }
}

/** The cosine of two vectors of one length, -1..1. */
function cosine(a: Int8Array, b: Int8Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += (a[i] ?? 0) * (b[i] ?? 0)
  return product * inverseLength(a) * inverseLength(b)
}

/** Runs asynchronous work one after another. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
