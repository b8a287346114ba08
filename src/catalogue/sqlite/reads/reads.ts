/** All reads except ranking. */
import { bytesIn, numberIn, textIn } from '../../../store/row.ts'
import type { CatalogueOffer, CatalogueReads, MirrorState } from '../../catalogue.ts'
import { readFailure, readMirror, readOffer, readPicture, readStats } from '../../rows.ts'
import type { CatalogueFile } from '../catalogue-file.ts'
import { asVector } from '../index-feed.ts'
import { createListUnembedded } from './unembedded.ts'

type Reads = Omit<CatalogueReads, 'searchKeyword'>

export function createOfferReads(file: CatalogueFile): Reads {
  return {
    ...createOfferLists(file),
    listEmbeddings: createListEmbeddings(file),
    listFailures: createListFailures(file),
    listUnembedded: createListUnembedded(file),
    ...createCounts(file),
  }
}

function createOfferLists({
  database,
  read,
  keepReads,
}: CatalogueFile): Pick<Reads, 'getOffer' | 'getOffers' | 'offersOfShop' | 'list'> {
  const selectOffers = database.prepare(`
    SELECT * FROM offers WHERE offer_id IN (SELECT value FROM json_each(?)) AND source IN (SELECT value FROM json_each(?))
    ORDER BY last_seen_at DESC, source`)
  const offersOfShop = database.prepare(`
    SELECT * FROM offers WHERE (shop_name = :shopName OR facts ->> 'shopId' = :shopId)
      AND source IN (SELECT value FROM json_each(:sources))
    ORDER BY last_seen_at DESC, source, offer_id LIMIT :limit`)
  const list = database.prepare(`
    SELECT * FROM offers WHERE (source, offer_id) > (:source, :offerId)
      AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))
    ORDER BY source, offer_id LIMIT :limit`)
  const keptOffers = keepReads<CatalogueOffer[]>()
  const getOffers: Reads['getOffers'] = (offerIds, sources) => {
    const [ids, names] = [JSON.stringify(offerIds), JSON.stringify(sources)]
    const select = () => selectOffers.all(ids, names).map(readOffer)
    return read(() => (offerIds.length === 1 ? keptOffers(ids + names, select) : select()))
  }
  return {
    getOffers,
    getOffer: async (offerId, sources) => (await getOffers([offerId], sources))[0] ?? null,
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
  const from = (embeddings: string) => `
    FROM offers JOIN ${embeddings} AS embedding ON offer = id
    WHERE (source, offer_id) >= (:source, :offerId)`
  const list = database.prepare(`
    SELECT * FROM (
      SELECT source, offer_id, offers.image_url, model, vector ${from('embeddings')}
      UNION ALL SELECT source, offer_id, embedding.image_url, model, vector ${from('photo_embeddings')})
    WHERE (source, offer_id, model, image_url) > (:source, :offerId, :model, :imageUrl)
    ORDER BY source, offer_id, model, image_url LIMIT :limit`)
  return async (after, limit) => {
    const start = after ?? { source: '', offerId: '', model: '', imageUrl: '' }
    const rows = await read(() => list.all({ ...start, limit }))
    return rows.map(row => ({
      picture: readPicture(row),
      model: textIn(row, 'model'),
      vector: asVector(bytesIn(row, 'vector')),
    }))
  }
}

function createCounts({
  database,
  read,
  keepReads,
}: CatalogueFile): Pick<Reads, 'countOffers' | 'getMirror' | 'hasEmbeddings' | 'listSources' | 'stats'> {
  const getMirror = database.prepare(`
    SELECT pages_fetched, total_found, completed_at FROM mirrors WHERE source = ?`)
  const findEmbedding = database.prepare('SELECT 1 FROM embeddings WHERE model = ? LIMIT 1')
  const stats = database.prepare(`
    SELECT source, count(*) AS offers, count(image_url) AS with_picture, count(embeddings.offer) AS embedded,
      min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at
    FROM offers LEFT JOIN embeddings ON offer = id AND model = ? GROUP BY source ORDER BY source`)
  const among = 'FROM offers WHERE source IN (SELECT value FROM json_each(?))'
  const countRows = database.prepare(`SELECT count(*) AS offers ${among}`)
  const countDistinct = database.prepare(`SELECT count(DISTINCT offer_id) AS offers ${among}`)
  // Steps from source to source in the index rather than reading every offer.
  const listSources = database.prepare(`
    WITH RECURSIVE sources (source) AS (
      SELECT min(source) FROM offers
      UNION ALL SELECT (SELECT min(source) FROM offers WHERE source > sources.source) FROM sources WHERE source IS NOT NULL)
    SELECT source FROM sources WHERE source IS NOT NULL`)
  const keptSources = keepReads<string[]>()
  const keptCounts = keepReads<number>()
  const mirrorOf = (source: string): MirrorState | null => {
    const row = getMirror.get(source)
    return row ? readMirror(row) : null
  }
  return {
    getMirror: source => read(() => mirrorOf(source)),
    hasEmbeddings: model => read(() => findEmbedding.get(model) !== undefined),
    listSources: () => read(() => keptSources('', () => listSources.all().map(row => textIn(row, 'source')))),
    async countOffers(sources) {
      const names = JSON.stringify(sources)
      const count = sources.length > 1 ? countDistinct : countRows
      return await read(() => keptCounts(names, () => numberIn(count.get(names), 'offers')))
    },
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

function createListFailures({ database, read }: CatalogueFile): Reads['listFailures'] {
  const isWanted = 'model = :model AND (:sources IS NULL OR source IN (SELECT value FROM json_each(:sources)))'
  const list = database.prepare(`
    SELECT source, offer_id, image_url, title, reason FROM offers JOIN failures ON offer = id WHERE ${isWanted}
    UNION ALL
    SELECT source, offer_id, photo_failures.image_url, title, reason FROM offers JOIN photo_failures ON offer = id
      WHERE ${isWanted}
    ORDER BY source, offer_id, image_url LIMIT :limit`)
  return async (sources, model, limit) => {
    const wanted = { model, limit, sources: sources === null ? null : JSON.stringify(sources) }
    return (await read(() => list.all(wanted))).map(readFailure)
  }
}
