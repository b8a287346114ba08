/** All reads except ranking. */
import type { SortOrder } from '../../offers/filters.ts'
import type { PostgresTables } from '../../store/postgres.ts'
import { numberIn, textIn } from '../../store/row.ts'
import { type Catalogue, FAILED_PICTURE_RETRY_MS, type MirrorState } from '../catalogue.ts'
import { OFFER_COLUMNS, readMirror, readOffer, readPicture, readStats } from '../rows.ts'
import { createPostgresFilter } from './filter.ts'
import { asTsquery } from './words.ts'

type Reads = Pick<
  Catalogue,
  | 'getOffer'
  | 'offersOfShop'
  | 'getMirror'
  | 'hasEmbeddings'
  | 'list'
  | 'listEmbeddings'
  | 'listUnembedded'
  | 'searchKeyword'
  | 'stats'
>

const UNEMBEDDED = `
  SELECT source, offer_id, image_url FROM mcp1688_offers
  WHERE source = ANY ($1) AND image_url IS NOT NULL AND NOT ($2 = ANY (models))
    AND NOT EXISTS (SELECT 1 FROM mcp1688_failures WHERE offer = id AND model = $2 AND failed_at > $3)
  ORDER BY last_seen_at DESC, id DESC LIMIT $4`

const STATS = `
  SELECT source, count(*) AS offers, count(image_url) AS with_picture, count(*) FILTER (WHERE $1 = ANY (models)) AS embedded,
    min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at
  FROM mcp1688_offers GROUP BY source ORDER BY source`

export function createPostgresReads(tables: PostgresTables): Reads {
  const { query } = tables
  const getMirror = async (source: string): Promise<MirrorState | null> => {
    const [row] = await query('SELECT * FROM mcp1688_mirrors WHERE source = $1', [source])
    return row ? readMirror(row) : null
  }
  return {
    async getOffer(offerId, sources) {
      const [row] = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers WHERE offer_id = $1 AND source = ANY ($2) ORDER BY last_seen_at DESC, source LIMIT 1`,
        [offerId, sources],
      )
      return row ? readOffer(row) : null
    },
    async offersOfShop({ shopId, shopName, sources, limit }) {
      const rows = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers WHERE (shop_name = $1 OR facts ->> 'shopId' = $2) AND source = ANY ($3)
         ORDER BY last_seen_at DESC, source, offer_id LIMIT $4`,
        [shopName, shopId, sources, limit],
      )
      return rows.map(readOffer)
    },
    getMirror,
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
        `SELECT source, offer_id, image_url, model, vector::text FROM mcp1688_offers JOIN mcp1688_embeddings ON offer = id
         WHERE (source, offer_id) >= ($1, $2) AND (source, offer_id, model COLLATE "C") > ($1, $2, $3)
         ORDER BY source, offer_id, model COLLATE "C" LIMIT $4`,
        [after?.source ?? '', after?.offerId ?? '', after?.model ?? '', limit],
      )
      return rows.map(row => ({
        picture: readPicture(row),
        model: textIn(row, 'model'),
        vector: Int8Array.from(textIn(row, 'vector').slice(1, -1).split(','), Number),
      }))
    },
    async listUnembedded(model, sources, limit, now) {
      const rows = await query(UNEMBEDDED, [sources, model, now - FAILED_PICTURE_RETRY_MS, limit])
      return rows.map(readPicture)
    },
    searchKeyword: createSearchKeyword(tables),
    async stats(model) {
      const rows = await query(STATS, [model])
      const counts = rows.map(readStats)
      return Promise.all(counts.map(async count => ({ ...count, mirror: await getMirror(count.source) })))
    },
  }
}

function createSearchKeyword(tables: PostgresTables): Reads['searchKeyword'] {
  const filterOf = createPostgresFilter(tables)
  return async ({ text, sources, filters, offset, limit }) => {
    const words = asTsquery(text)
    if (words === null) return { offers: [], found: 0, fitting: 0 }
    const { where, fits, values } = await filterOf(sources, filters)
    const $ = (index: number): string => `$${values.length + index}`
    const found = `FROM mcp1688_offers AS offer WHERE words @@ ${$(1)}::tsquery AND ${where}`
    const counts = `count(*) AS found, count(*) FILTER (WHERE ${fits}) AS fitting`
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
