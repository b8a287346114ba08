/** Finds pictures that have no vector yet. */
import { numberIn, type Row } from '../../../store/row.ts'
import { createEventLoopYield } from '../../../time/yield-to-event-loop.ts'
import { type Catalogue, FAILED_PICTURE_RETRY_MS, type OfferPicture, type UnembeddedQuery } from '../../catalogue.ts'
import { readPicture } from '../../rows.ts'
import type { CatalogueFile } from '../catalogue-file.ts'

/** Offers checked at a time: some 3 ms. */
const WINDOW_OFFERS = 2000

type Walk = (query: UnembeddedQuery, limit: number) => Promise<OfferPicture[]>

export function createListUnembedded(file: CatalogueFile): Catalogue['listUnembedded'] {
  const { database, read } = file
  const findReplaced = database.prepare('SELECT 1 FROM embeddings WHERE model = ? LIMIT 1')
  const isDue = `image_url IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM embeddings WHERE offer = id AND model = :model)
    AND NOT EXISTS (SELECT 1 FROM failures WHERE offer = id AND model = :model AND failed_at > :failedAfter)`
  const isNew = 'NOT EXISTS (SELECT 1 FROM embeddings WHERE offer = id AND model = :replaced)'
  const walkNew = createWalk(file, `${isDue} AND ${isNew}`)
  const walkReplaced = createWalk(file, `${isDue} AND NOT ${isNew}`)
  const listPhotos = createListPhotos(file)

  return async query => {
    const due = await walkNew(query, query.limit)
    const { replaced } = query
    if (due.length < query.limit && replaced !== undefined && (await read(() => findReplaced.get(replaced)))) {
      due.push(...(await walkReplaced(query, query.limit - due.length)))
    }
    // Of offers whose first picture is done: only those are compared.
    if (due.length === 0 && query.photos > 0) return listPhotos(query)
    return due
  }
}

/** Looks at all offers, most recently seen first, and yields to the event loop in between. */
function createWalk({ database, read }: CatalogueFile, isWanted: string): Walk {
  const windowEnd = database.prepare(`
    SELECT last_seen_at, id FROM offers WHERE (last_seen_at, id) < (:seenAt, :id)
    ORDER BY last_seen_at DESC, id DESC LIMIT 1 OFFSET ${WINDOW_OFFERS - 1}`)
  const dueInWindow = database.prepare(`
    SELECT source, offer_id, image_url FROM offers
    WHERE (last_seen_at, id) < (:seenAt, :id) AND (last_seen_at, id) >= (:endSeenAt, :endId)
      AND +source IN (SELECT value FROM json_each(:sources)) AND ${isWanted}
    ORDER BY last_seen_at DESC, id DESC LIMIT :limit`)
  return async ({ model, replaced = '', sources, now }, limit) => {
    const yieldToEventLoop = createEventLoopYield()
    const due: OfferPicture[] = []
    const failedAfter = now - FAILED_PICTURE_RETRY_MS
    const fixed = { model, replaced, sources: JSON.stringify(sources), failedAfter }
    let from: { seenAt: number; id: number } | undefined = {
      seenAt: Number.MAX_SAFE_INTEGER,
      id: Number.MAX_SAFE_INTEGER,
    }
    while (from && due.length < limit) {
      const start: { seenAt: number; id: number } = from
      const last: Row | undefined = await read(() => windowEnd.get(start))
      from = last && { seenAt: numberIn(last, 'last_seen_at'), id: numberIn(last, 'id') }
      const window = { ...start, endSeenAt: from?.seenAt ?? 0, endId: from?.id ?? 0 }
      const rows = await read(() => dueInWindow.all({ ...fixed, ...window, limit: limit - due.length }))
      due.push(...rows.map(readPicture))
      await yieldToEventLoop()
    }
    return due
  }
}

function createListPhotos({ database, read }: CatalogueFile): Catalogue['listUnembedded'] {
  const list = database.prepare(`
    SELECT source, offer_id, photo.value AS image_url FROM offers, json_each(photos) AS photo
    WHERE photos IS NOT NULL AND source IN (SELECT value FROM json_each(:sources)) AND photo.key < :photos
      AND EXISTS (SELECT 1 FROM embeddings WHERE offer = offers.id AND model = :model)
      AND NOT EXISTS (SELECT 1 FROM photo_embeddings WHERE offer = offers.id AND model = :model AND image_url = photo.value)
      AND NOT EXISTS (
        SELECT 1 FROM photo_failures
        WHERE offer = offers.id AND model = :model AND image_url = photo.value AND failed_at > :failedAfter)
    ORDER BY last_seen_at DESC, offers.id DESC, photo.key LIMIT :limit`)
  return async ({ model, photos, sources, limit, now }) => {
    const failedAfter = now - FAILED_PICTURE_RETRY_MS
    const rows = await read(() => list.all({ model, photos, sources: JSON.stringify(sources), limit, failedAfter }))
    return rows.map(readPicture)
  }
}
