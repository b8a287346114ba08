/** Keeps an index up to date with the catalogue's file, to which any process may write. */
import { nullableBytesIn, numberIn } from '../../store/row.ts'
import type { CatchUp } from '../ranking/memory-ranking.ts'
import type { VectorIndex } from '../ranking/vector-index.ts'
import { readIndexed } from '../rows.ts'
import type { CatalogueFile } from './catalogue-file.ts'

/** Offers per read: some 2 ms. */
const CHUNK_OFFERS = 250

export function createIndexFeed({ database, read }: CatalogueFile, index: VectorIndex, model: string): CatchUp {
  const removalsSoFar = database.prepare('SELECT removals FROM state')
  const changedAfter = database.prepare(`
    SELECT id, version, source, offer_id, price_min, moq, city, province,
      facts ->> '$.sellerKind' AS seller_kind, facts ->> '$.badges' AS badges, vector
    FROM offers LEFT JOIN embeddings ON offer = id AND model = ?
    WHERE (version, id) > (?, ?) ORDER BY version, id LIMIT ${CHUNK_OFFERS}`)
  let version = 0
  let id = 0
  let removals = 0

  const startAnew = (): void => {
    index.clear()
    version = 0
    id = 0
  }
  return async yieldToEventLoop => {
    const removalsNow = await read(() => numberIn(removalsSoFar.get(), 'removals'))
    if (removalsNow !== removals) startAnew()
    removals = removalsNow
    for (;;) {
      const rows = await read(() => changedAfter.all(model, version, id))
      for (const row of rows) {
        const offer = readIndexed(row)
        const vector = nullableBytesIn(row, 'vector')
        index.put(offer, vector && asVector(vector))
        version = numberIn(row, 'version')
        id = offer.id
      }
      if (rows.length < CHUNK_OFFERS) return
      await yieldToEventLoop()
    }
  }
}

export function asVector(blob: Uint8Array): Int8Array {
  return new Int8Array(blob.buffer, blob.byteOffset, blob.byteLength)
}
