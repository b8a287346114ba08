/** Owns what is read from the catalogue in PostgreSQL without ranking: single offers, lists, counts, found words and what is still to be embedded. */
import { nullableNumberIn, numberIn, type PostgresTables } from '../../store/postgres.ts'
import type { PostgresRow } from '../../store/postgres-driver.ts'
import {
  type Catalogue,
  type CatalogueStats,
  FAILURE_REST_MS,
  type MirrorState,
  type OfferPicture,
} from '../catalogue.ts'
import { createPostgresFilter } from './filter.ts'
import { OFFER_COLUMNS, readPostgresOffer } from './schema.ts'
import { asWordQuery } from './words.ts'

type Reads = Pick<
  Catalogue,
  'getOffer' | 'getMirror' | 'list' | 'listEmbeddings' | 'listUnembedded' | 'searchKeyword' | 'stats'
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

/** Makes the reading half of the catalogue. */
export function createPostgresReads(tables: PostgresTables): Reads {
  const { query } = tables
  const getMirror = async (source: string): Promise<MirrorState | null> => {
    const [row] = await query('SELECT * FROM mcp1688_mirrors WHERE source = $1', [source])
    return row ? mirrorOf(row) : null
  }
  return {
    async getOffer(offerId, sources) {
      const [row] = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers WHERE offer_id = $1 AND source = ANY ($2) ORDER BY last_seen_at DESC, source LIMIT 1`,
        [offerId, sources],
      )
      return row ? readPostgresOffer(row) : null
    },
    getMirror,
    async list(sources, after, limit) {
      const rows = await query(
        `SELECT ${OFFER_COLUMNS} FROM mcp1688_offers
         WHERE (source, offer_id) > ($1, $2) AND ($3::text[] IS NULL OR source = ANY ($3)) ORDER BY source, offer_id LIMIT $4`,
        [after?.source ?? '', after?.offerId ?? '', sources, limit],
      )
      return rows.map(readPostgresOffer)
    },
    async listEmbeddings(after, limit) {
      const rows = await query(
        `SELECT source, offer_id, image_url, model, vector::text FROM mcp1688_offers JOIN mcp1688_embeddings ON offer = id
         WHERE (source, offer_id) >= ($1, $2) AND (source, offer_id, model COLLATE "C") > ($1, $2, $3)
         ORDER BY source, offer_id, model COLLATE "C" LIMIT $4`,
        [after?.source ?? '', after?.offerId ?? '', after?.model ?? '', limit],
      )
      return rows.map(row => ({
        picture: pictureOf(row),
        model: String(row.model),
        vector: Int8Array.from(String(row.vector).slice(1, -1).split(','), Number),
      }))
    },
    async listUnembedded(model, sources, limit, now) {
      const rows = await query(UNEMBEDDED, [sources, model, now - FAILURE_REST_MS, limit])
      return rows.map(pictureOf)
    },
    searchKeyword: createSearchKeyword(tables),
    async stats(model) {
      const rows = await query(STATS, [model])
      return Promise.all(rows.map(async row => ({ ...statsOf(row), mirror: await getMirror(String(row.source)) })))
    },
  }
}

function createSearchKeyword(tables: PostgresTables): Reads['searchKeyword'] {
  const filterOf = createPostgresFilter(tables)
  return async ({ text, sources, filters, offset, limit }) => {
    const words = asWordQuery(text)
    if (words === null) return { offers: [], found: 0 }
    const { where, values } = await filterOf(sources, filters)
    const $ = (index: number): string => `$${values.length + index}`
    const found = `FROM mcp1688_offers AS offer WHERE words @@ ${$(1)}::tsquery AND ${where}`
    const [count] = await tables.query(`SELECT count(*) AS found ${found}`, [...values, words])
    const rows = await tables.query(
      `SELECT ${OFFER_COLUMNS} ${found} ORDER BY ts_rank(words, ${$(1)}::tsquery) DESC, source, offer_id OFFSET ${$(2)} LIMIT ${$(3)}`,
      [...values, words, offset, limit],
    )
    return { offers: rows.map(readPostgresOffer), found: numberIn(count, 'found') }
  }
}

function pictureOf(row: PostgresRow): OfferPicture {
  return { source: String(row.source), offerId: String(row.offer_id), imageUrl: String(row.image_url) }
}

function statsOf(row: PostgresRow): Omit<CatalogueStats, 'mirror'> {
  return {
    source: String(row.source),
    offers: numberIn(row, 'offers'),
    withPicture: numberIn(row, 'with_picture'),
    embedded: numberIn(row, 'embedded'),
    firstSeenAt: numberIn(row, 'first_seen_at'),
    lastSeenAt: numberIn(row, 'last_seen_at'),
  }
}

function mirrorOf(row: PostgresRow): MirrorState {
  return {
    pagesFetched: numberIn(row, 'pages_fetched'),
    totalFound: nullableNumberIn(row, 'total_found'),
    completedAt: nullableNumberIn(row, 'completed_at'),
  }
}
