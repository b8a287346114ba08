/** All reads except ranking. */
import { bytesIn, numberIn, type Row, textIn } from '../../store/row.ts'
import { createEventLoopYield } from '../../time/yield-to-event-loop.ts'
import { type Catalogue, FAILED_PICTURE_RETRY_MS, type MirrorState, type OfferPicture } from '../catalogue.ts'
import { readMirror, readOffer, readPicture, readStats } from '../rows.ts'
import type { CatalogueFile } from './catalogue-file.ts'
import { asVector } from './index-feed.ts'

/** Offers checked for missing embeddings at a time: some 3 ms. */
const WINDOW_OFFERS = 2000

type Reads = Pick<
  Catalogue,
  'getOffer' | 'offersOfShop' | 'getMirror' | 'hasEmbeddings' | 'list' | 'listEmbeddings' | 'listUnembedded' | 'stats'
>

export function createOfferReads(file: CatalogueFile): Reads {
  return {
    ...createOfferLists(file),
    listEmbeddings: createListEmbeddings(file),
    listUnembedded: createListUnembedded(file),
    ...createCounts(file),
  }
}

function createOfferLists({ database, read }: CatalogueFile): Pick<Reads, 'getOffer' | 'offersOfShop' | 'list'> {
  const getOffer = database.prepare(`
    SELECT * FROM offers WHERE offer_id = ? AND source IN (SELECT value FROM json_each(?))
    ORDER BY last_seen_at DESC, source LIMIT 1`)
  const offersOfShop = database.prepare(`
    SELECT * FROM offers WHERE (shop_name = :shopName OR facts ->> 'shopId' = :shopId)
      AND source IN (SELECT value FROM json_each(:sources))
    ORDER BY last_seen_at DESC, source, offer_id LIMIT :limit`)
  const list = database.prepare(`
    SELECT * FROM offers WHERE (source, offer_id) > (:source, :offerId)
      AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
    ORDER BY source, offer_id LIMIT :limit`)
  return {
    async getOffer(offerId, sources) {
      const row = await read(() => getOffer.get(offerId, JSON.stringify(sources)))
      return row ? readOffer(row) : null
    },
    async offersOfShop({ sources, ...shop }) {
      const rows = await read(() => offersOfShop.all({ ...shop, sources: JSON.stringify(sources) }))
      return rows.map(readOffer)
    },
    async list(sources, after, limit) {
      const from = after ?? { source: '', offerId: '' }
      const rows = await read(() =>
        list.all({
          source: from.source,
          offerId: from.offerId,
          sources: sources && JSON.stringify(sources),
          limit,
        }),
      )
      return rows.map(readOffer)
    },
  }
}

function createListEmbeddings({ database, read }: CatalogueFile): Reads['listEmbeddings'] {
  const list = database.prepare(`
    SELECT source, offer_id, image_url, model, vector FROM offers JOIN embeddings ON offer = id
    WHERE (source, offer_id) >= (:source, :offerId) AND (source, offer_id, model) > (:source, :offerId, :model)
    ORDER BY source, offer_id, model LIMIT :limit`)
  return async (after, limit) => {
    const rows = await read(() => list.all({ ...(after ?? { source: '', offerId: '', model: '' }), limit }))
    return rows.map(row => ({
      picture: readPicture(row),
      model: textIn(row, 'model'),
      vector: asVector(bytesIn(row, 'vector')),
    }))
  }
}

function createListUnembedded({ database, read }: CatalogueFile): Reads['listUnembedded'] {
  const windowEnd = database.prepare(`
    SELECT last_seen_at, id FROM offers WHERE (last_seen_at, id) < (:seenAt, :id)
    ORDER BY last_seen_at DESC, id DESC LIMIT 1 OFFSET ${WINDOW_OFFERS - 1}`)
  const dueInWindow = database.prepare(`
    SELECT source, offer_id, image_url FROM offers
    WHERE (last_seen_at, id) < (:seenAt, :id) AND (last_seen_at, id) >= (:endSeenAt, :endId)
      AND image_url IS NOT NULL AND +source IN (SELECT value FROM json_each(:sources))
      AND NOT EXISTS (SELECT 1 FROM embeddings WHERE offer = id AND model = :model)
      AND NOT EXISTS (SELECT 1 FROM failures WHERE offer = id AND model = :model AND failed_at > :failedAfter)
    ORDER BY last_seen_at DESC, id DESC LIMIT :limit`)
  return async (model, sources, limit, now) => {
    const yieldToEventLoop = createEventLoopYield()
    const due: OfferPicture[] = []
    const fixed = { model, sources: JSON.stringify(sources), failedAfter: now - FAILED_PICTURE_RETRY_MS }
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

function createCounts({ database, read }: CatalogueFile): Pick<Reads, 'getMirror' | 'hasEmbeddings' | 'stats'> {
  const getMirror = database.prepare(`
    SELECT pages_fetched, total_found, completed_at FROM mirrors WHERE source = ?`)
  const findEmbedding = database.prepare('SELECT 1 FROM embeddings WHERE model = ? LIMIT 1')
  const stats = database.prepare(`
    SELECT source, count(*) AS offers, count(image_url) AS with_picture, count(embeddings.offer) AS embedded,
      min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at
    FROM offers LEFT JOIN embeddings ON offer = id AND model = ? GROUP BY source ORDER BY source`)
  const mirrorOf = (source: string): MirrorState | null => {
    const row = getMirror.get(source)
    return row ? readMirror(row) : null
  }
  return {
    getMirror: source => read(() => mirrorOf(source)),
    hasEmbeddings: model => read(() => findEmbedding.get(model) !== undefined),
    async stats(model) {
      return await read(() =>
        stats.all(model).map(row => {
          const counts = readStats(row)
          return { ...counts, mirror: mirrorOf(counts.source) }
        }),
      )
    },
  }
}
