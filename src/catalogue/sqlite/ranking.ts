import { bytesIn, nullableBytesIn, numberIn, textIn } from '../../store/row.ts'
import type { Catalogue, CatalogueHit } from '../catalogue.ts'
import { createMemoryRanking } from '../ranking/memory-ranking.ts'
import { cosineOf } from '../ranking/scanner.ts'
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
    SELECT offer_id, embeddings.vector AS vector, photo.vector AS photo FROM offers
    JOIN embeddings ON embeddings.offer = id AND embeddings.model = :model
    LEFT JOIN photo_embeddings AS photo ON photo.offer = id AND photo.model = :model
    WHERE source = :source AND offer_id IN (SELECT value FROM json_each(:offerIds))`)
  return async (source, offerIds, model, vectors) => {
    const rows = await read(() => getVectors.all({ model, source, offerIds: JSON.stringify(offerIds) }))
    const cosines = new Map<string, number>()
    for (const row of rows) {
      const offerId = textIn(row, 'offer_id')
      const photo = nullableBytesIn(row, 'photo')
      const pictures = [bytesIn(row, 'vector'), ...(photo ? [photo] : [])].map(asVector)
      const scores = pictures.flatMap(picture => vectors.map(query => cosineOf(query, picture)))
      cosines.set(offerId, Math.max(cosines.get(offerId) ?? -1, ...scores))
    }
    return cosines
  }
}
