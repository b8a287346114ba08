/** Keeps an index up to date with the catalogue's file, to which any process may write. */
import { bytesIn, nullableBytesIn, numberIn, type Row } from '../../store/row.ts'
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
      facts ->> '$.sellerKind' AS seller_kind, facts ->> '$.badges' AS badges, vector, photos IS NOT NULL AS has_photos
    FROM offers LEFT JOIN embeddings ON offer = id AND model = ?
    WHERE (version, id) > (?, ?) ORDER BY version, id LIMIT ${CHUNK_OFFERS}`)
  const vectorsOfPhotos = database.prepare(
    'SELECT vector FROM photo_embeddings WHERE offer = ? AND model = ? ORDER BY image_url',
  )
  /** None without a vector of the first picture, so that an offer counts as compared by the same rule everywhere. */
  const vectorsIn = (row: Row): Int8Array[] => {
    const first = nullableBytesIn(row, 'vector')
    if (first === null) return []
    const photos = numberIn(row, 'has_photos') === 0 ? [] : vectorsOfPhotos.all(numberIn(row, 'id'), model)
    return [asVector(first), ...photos.map(photo => asVector(bytesIn(photo, 'vector')))]
  }
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
      const rows = await read(() => changedAfter.all(model, version, id).map(row => ({ row, vectors: vectorsIn(row) })))
      for (const { row, vectors } of rows) {
        const offer = readIndexed(row)
        index.put(offer, vectors)
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
