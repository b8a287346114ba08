/** All reads except ranking. */
import type { SortOrder } from '../../offers/filters.ts'
import type { PostgresTables } from '../../store/postgres.ts'
import { numberIn, textIn } from '../../store/row.ts'
import { type CatalogueReads, FAILED_PICTURE_RETRY_MS, type MirrorState } from '../catalogue.ts'
import { OFFER_COLUMNS, readFailure, readMirror, readOffer, readPicture, readStats } from '../rows.ts'
import { createPostgresFilter } from './filter.ts'
import { asTsquery } from './words.ts'

const UNEMBEDDED = `
  SELECT source, offer_id, image_url FROM mcp1688_offers
  WHERE source = ANY ($1) AND image_url IS NOT NULL AND NOT ($2 = ANY (models))
    AND NOT EXISTS (SELECT 1 FROM mcp1688_failures WHERE offer = id AND model = $2 AND picture = '' AND failed_at > $3)
    AND ($5 = ANY (models)) = $6
  ORDER BY last_seen_at DESC, id DESC LIMIT $4`

/** Of offers whose first picture is done: only those are compared. */
const UNEMBEDDED_PHOTOS = `
  SELECT source, offer_id, photo AS image_url
  FROM mcp1688_offers CROSS JOIN jsonb_array_elements_text(photos) WITH ORDINALITY AS listed (photo, position)
  WHERE photos IS NOT NULL AND source = ANY ($1) AND $2 = ANY (models) AND position <= $5
    AND NOT EXISTS (SELECT 1 FROM mcp1688_embeddings WHERE offer = id AND model = $2 AND picture = photo)
    AND NOT EXISTS (SELECT 1 FROM mcp1688_failures WHERE offer = id AND model = $2 AND picture = photo AND failed_at > $3)
  ORDER BY last_seen_at DESC, id DESC, position LIMIT $4`

const FAILURES = `
  SELECT source, offer_id, CASE WHEN picture = '' THEN image_url ELSE picture END AS image_url, title, reason
  FROM mcp1688_offers JOIN mcp1688_failures ON offer = id
  WHERE model = $2 AND ($1::text[] IS NULL OR source = ANY ($1))
  ORDER BY source, offer_id, 3 LIMIT $3`

const STATS = `
  SELECT source, count(*) AS offers, count(image_url) AS with_picture, count(*) FILTER (WHERE $1 = ANY (models)) AS embedded,
    min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at
  FROM mcp1688_offers GROUP BY source ORDER BY source`

/** Steps from source to source in the index rather than reading every offer. */
const SOURCES = `
  WITH RECURSIVE sources (source) AS (
    SELECT min(source) FROM mcp1688_offers
    UNION ALL SELECT (SELECT min(source) FROM mcp1688_offers WHERE source > sources.source) FROM sources WHERE source IS NOT NULL)
  SELECT source FROM sources WHERE source IS NOT NULL`

export function createPostgresReads(tables: PostgresTables): CatalogueReads {
  const { query } = tables
  const getMirror = async (source: string): Promise<MirrorState | null> => {
    const [row] = await query('SELECT * FROM mcp1688_mirrors WHERE source = $1', [source])
    return row ? readMirror(row) : null
  }
  const getOffers: CatalogueReads['getOffers'] = async (offerIds, sources) => {
    const rows = await query(
      `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers WHERE offer_id = ANY ($1) AND source = ANY ($2) ORDER BY last_seen_at DESC, source`,
      [offerIds, sources],
    )
    return rows.map(readOffer)
  }
  return {
    getOffers,
    getOffer: async (offerId, sources) => (await getOffers([offerId], sources))[0] ?? null,
    async offersOfShop({ shopId, shopName, sources, limit }) {
      const rows = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers WHERE (shop_name = $1 OR facts ->> 'shopId' = $2) AND source = ANY ($3)
         ORDER BY last_seen_at DESC, source, offer_id LIMIT $4`,
        [shopName, shopId, sources, limit],
      )
      return rows.map(readOffer)
    },
    getMirror,
    listSources: async () => (await query(SOURCES, [])).map(row => textIn(row, 'source')),
    async hasEmbeddings(model) {
      return (await query('SELECT 1 FROM mcp1688_embeddings WHERE model = $1 LIMIT 1', [model])).length > 0
    },
    async list(sources, after, limit) {
      const rows = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers
         WHERE (source, offer_id) > ($1, $2) AND ($3::text[] IS NULL OR source = ANY ($3)) ORDER BY source, offer_id LIMIT $4`,
        [after?.source ?? '', after?.offerId ?? '', sources, limit],
      )
      return rows.map(readOffer)
    },
    async listEmbeddings(after, limit) {
      const rows = await query(
        `SELECT * FROM (
           SELECT source, offer_id, coalesce(nullif(picture, ''), image_url) COLLATE "C" AS image_url, model COLLATE "C", vector::text
           FROM mcp1688_offers JOIN mcp1688_embeddings ON offer = id WHERE (source, offer_id) >= ($1, $2)) AS listed
         WHERE (source, offer_id, model, image_url) > ($1, $2, $3, $4)
         ORDER BY source, offer_id, model, image_url LIMIT $5`,
        [after?.source ?? '', after?.offerId ?? '', after?.model ?? '', after?.imageUrl ?? '', limit],
      )
      return rows.map(row => ({
        picture: readPicture(row),
        model: textIn(row, 'model'),
        vector: Int8Array.from(textIn(row, 'vector').slice(1, -1).split(','), Number),
      }))
    },
    async listUnembedded({ model, replaced = '', photos, sources, limit, now }) {
      const failedAfter = now - FAILED_PICTURE_RETRY_MS
      const rows = await query(UNEMBEDDED, [sources, model, failedAfter, limit, replaced, false])
      if (rows.length < limit && replaced !== '') {
        const left = limit - rows.length
        rows.push(...(await query(UNEMBEDDED, [sources, model, failedAfter, left, replaced, true])))
      }
      if (rows.length > 0 || photos === 0) return rows.map(readPicture)
      return (await query(UNEMBEDDED_PHOTOS, [sources, model, failedAfter, limit, photos])).map(readPicture)
    },
    listFailures: async (sources, model, limit) => (await query(FAILURES, [sources, model, limit])).map(readFailure),
    searchKeyword: createSearchKeyword(tables),
    async countOffers(sources) {
      const counted = sources.length > 1 ? 'DISTINCT offer_id' : '*'
      const [row] = await query(`SELECT count(${counted}) AS offers FROM mcp1688_offers WHERE source = ANY ($1)`, [
        sources,
      ])
      return numberIn(row, 'offers')
    },
    async stats(model) {
      const rows = await query(STATS, [model])
      const counts = rows.map(readStats)
      return Promise.all(counts.map(async count => ({ ...count, mirror: await getMirror(count.source) })))
    },
  }
}

function createSearchKeyword(tables: PostgresTables): CatalogueReads['searchKeyword'] {
  const filterOf = createPostgresFilter(tables)
  return async ({ text, sources, filters, offset, limit }) => {
    const words = asTsquery(text)
    if (words === null) return { offers: [], found: 0, fitting: 0 }
    const { where, fits, values } = await filterOf(sources, filters)
    const $ = (index: number): string => `$${values.length + index}`
    const found = `FROM mcp1688_offers AS offer WHERE words @@ ${$(1)}::tsquery AND ${where}`
    const counts = `count(DISTINCT offer_id) AS found, count(DISTINCT offer_id) FILTER (WHERE ${fits}) AS fitting`
    const [count] = await tables.query(`SELECT ${counts} ${found}`, [...values, words])
    const { sort = 'best_match' } = filters
    const rows = await tables.query(
      `SELECT ${OFFER_COLUMNS} ${found}
       ORDER BY (${fits}) IS TRUE DESC, ${ORDER[sort]} ts_rank(words, ${$(1)}::tsquery) DESC, source, offer_id OFFSET ${$(2)} LIMIT ${$(3)}`,
      [...values, words, offset, limit],
    )
    return { offers: rows.map(readOffer), found: numberIn(count, 'found'), fitting: numberIn(count, 'fitting') }
  }
}

const ORDER: Readonly<Record<SortOrder, string>> = {
  best_match: '',
  price_asc: 'price_min ASC NULLS LAST,',
  price_desc: 'price_min DESC NULLS LAST,',
  sales: `(facts -> 'sold' ->> 1)::float8 DESC NULLS LAST,`,
  repurchase: `(facts ->> 'repurchaseRate')::float8 DESC NULLS LAST,`,
}
