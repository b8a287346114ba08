import { bytesIn, numberIn, textIn } from '../../store/row.ts'
import type { Catalogue, CatalogueHit } from '../catalogue.ts'
import { createMemoryRanking } from '../ranking/memory-ranking.ts'
import { inverseLength } from '../ranking/scanner.ts'
import { bestCosineOf, type Ranking } from '../ranking/vector-index.ts'
import { readOffer } from '../rows.ts'
import type { CatalogueFile } from './catalogue-file.ts'
import { asVector, createIndexFeed } from './index-feed.ts'

type Rankings = Pick<Catalogue, 'nearest' | 'similarities'>

/** @param distDir the folder of scan.wasm, which is read at the first query. */
export function createRankings(file: CatalogueFile, distDir: string): Rankings {
  return { nearest: createNearest(file, distDir), similarities: createSimilarities(file) }
}

function createNearest(file: CatalogueFile, distDir: string): Rankings['nearest'] {
  const getById = file.database.prepare('SELECT * FROM offers WHERE id IN (SELECT value FROM json_each(?))')
  const { rank } = createMemoryRanking(distDir, (index, model) => file.read(() => createIndexFeed(file, index, model)))
  const readHits = async (best: Ranking['best']): Promise<CatalogueHit[]> => {
    const rows = await file.read(() => getById.all(JSON.stringify(best.map(({ id }) => id))))
    const rowOfId = new Map(rows.map(row => [numberIn(row, 'id'), row]))
    return best.flatMap(({ id, cosine }) => {
      const row = rowOfId.get(id)
      return row ? [{ ...readOffer(row), cosine }] : []
    })
  }
  return async query => {
    const { best, ...counts } = await rank(query)
    const hits = await readHits(best.slice(query.offset, query.offset + query.limit))
    return { hits, bestCosine: bestCosineOf(best), ...counts }
  }
}

function createSimilarities({ database, read }: CatalogueFile): Rankings['similarities'] {
  const getVectors = database.prepare(`
    SELECT offer_id, vector FROM offers JOIN embeddings ON offer = id AND model = ?
    WHERE source = ? AND offer_id IN (SELECT value FROM json_each(?))`)
  return async (source, offerIds, model, vectors) => {
    const rows = await read(() => getVectors.all(model, source, JSON.stringify(offerIds)))
    const cosines = new Map<string, number>()
    for (const row of rows) {
      const vector = asVector(bytesIn(row, 'vector'))
      cosines.set(textIn(row, 'offer_id'), Math.max(...vectors.map(query => cosine(query, vector))))
    }
    return cosines
  }
}

/** The vectors must have the same length. */
function cosine(a: Int8Array, b: Int8Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += (a[i] ?? 0) * (b[i] ?? 0)
  return product * inverseLength(a) * inverseLength(b)
}
