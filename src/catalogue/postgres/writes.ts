import type { OfferSummary } from '../../offers/offer.ts'
import { DATABASE_NOW, type PostgresTables } from '../../store/postgres.ts'
import type { Query } from '../../store/postgres-driver.ts'
import type { Catalogue } from '../catalogue.ts'
import { factsToJson } from '../facts.ts'
import { photosToJson } from '../rows.ts'
import { asTsvector } from './words.ts'

const BATCH_OFFERS = 500

type Writes = Pick<
  Catalogue,
  'putOffers' | 'putEmbedding' | 'putEmbeddingFailure' | 'forgetFailures' | 'putMirrorPage' | 'remove' | 'checkKept'
>

/** The same rules as `UPSERT_OFFER` in sqlite/upsert.ts. */
const UPSERT = `
  INSERT INTO mcp1688_offers AS known (source, offer_id, title, words, price_text, price_min, price_max, moq, unit, shop_name, city, province,
    image_url, photos, facts, facts_seen_at, first_seen_at, last_seen_at)
  SELECT $1, offer_id, title, words::tsvector, price_text, price_min, price_max, moq, unit, shop_name, city, province, image_url, photos::jsonb, facts::jsonb,
    CASE WHEN facts IS NOT NULL THEN $2::float8 END, $2, $2
  FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[], $9::float8[], $10::text[], $11::text[], $12::text[],
    $13::text[], $14::text[], $15::text[], $16::text[])
    AS news (offer_id, title, words, price_text, price_min, price_max, moq, unit, shop_name, city, province, image_url, photos, facts)
  ON CONFLICT (source, offer_id) DO UPDATE SET
    title = excluded.title,
    words = excluded.words,
    price_text = CASE WHEN jsonb_array_length(excluded.facts->'quoted') > 0 THEN excluded.price_text ELSE coalesce(excluded.price_text, known.price_text) END,
    price_min = CASE WHEN jsonb_array_length(excluded.facts->'quoted') > 0 THEN excluded.price_min ELSE coalesce(excluded.price_min, known.price_min) END,
    price_max = CASE WHEN jsonb_array_length(excluded.facts->'quoted') > 0 THEN excluded.price_max ELSE coalesce(excluded.price_max, known.price_max) END,
    moq = coalesce(excluded.moq, known.moq),
    unit = coalesce(excluded.unit, known.unit),
    shop_name = coalesce(excluded.shop_name, known.shop_name),
    city = coalesce(excluded.city, CASE WHEN excluded.province IS NULL OR excluded.province = known.province THEN known.city END),
    province = coalesce(excluded.province, CASE WHEN excluded.city IS NULL OR excluded.city = known.city THEN known.province END),
    image_url = coalesce(excluded.image_url, known.image_url),
    photos = coalesce(excluded.photos, known.photos),
    facts = coalesce(known.facts || excluded.facts, excluded.facts, known.facts),
    facts_seen_at = coalesce(excluded.facts_seen_at, known.facts_seen_at),
    last_seen_at = excluded.last_seen_at
  WHERE excluded.last_seen_at >= known.last_seen_at OR known.last_seen_at > ${DATABASE_NOW}`

const HAS_PICTURE = '(image_url = $3 OR photos ? $3)'
/** What `picture` is for the address `$3`. */
const PICTURE = "CASE WHEN image_url = $3 THEN '' ELSE $3 END"

/**
 * Locks the offer against a new picture while its vector is written. `$4` is the model, `$5` the vector, `$6` the model
 * that it replaces or NULL. `models` counts first pictures only.
 */
const PUT_EMBEDDING = `
  WITH pictured AS (
    UPDATE mcp1688_offers SET models =
      CASE WHEN image_url = $3 THEN array_remove(array_remove(models, $4::text), $6::text) || $4::text ELSE models END
    WHERE source = $1 AND offer_id = $2 AND ${HAS_PICTURE} RETURNING id, ${PICTURE} AS picture
  ), recovered AS (
    DELETE FROM mcp1688_failures USING pictured WHERE offer = id AND model = $4 AND mcp1688_failures.picture = pictured.picture
  ), replaced AS (
    DELETE FROM mcp1688_embeddings USING pictured WHERE offer = id AND model = $6 AND mcp1688_embeddings.picture = pictured.picture
  )
  INSERT INTO mcp1688_embeddings (offer, model, vector, picture) SELECT id, $4, $5::halfvec, picture FROM pictured
  ON CONFLICT (offer, model, picture) DO UPDATE SET vector = excluded.vector`

const PUT_FAILURE = `
  INSERT INTO mcp1688_failures (offer, model, failed_at, reason, picture)
  SELECT id, $4, $5, $6, ${PICTURE} FROM mcp1688_offers WHERE source = $1 AND offer_id = $2 AND ${HAS_PICTURE} FOR SHARE
  ON CONFLICT (offer, model, picture) DO UPDATE SET failed_at = excluded.failed_at, reason = excluded.reason`

export function createPostgresWrites({ query, transact }: PostgresTables): Writes {
  return {
    // A database that cannot be reached keeps nothing.
    checkKept: async () => void (await query('SELECT 1')),
    async putOffers(source, offers, seenAt) {
      for (const batch of batchesOf(offers)) await putBatch(query, source, batch, seenAt)
    },
    putMirrorPage: (source, offers, state, seenAt) =>
      transact(async run => {
        for (const batch of batchesOf(offers)) await putBatch(run, source, batch, seenAt)
        await run(
          `INSERT INTO mcp1688_mirrors VALUES ($1, $2, $3, $4) ON CONFLICT (source) DO UPDATE SET
             pages_fetched = excluded.pages_fetched, total_found = excluded.total_found, completed_at = excluded.completed_at`,
          [source, state.pagesFetched, state.totalFound, state.completedAt],
        )
      }),
    async putEmbedding({ source, offerId, imageUrl }, model, vector, replaced) {
      await query(PUT_EMBEDDING, [source, offerId, imageUrl, model, asHalfvec(vector), replaced ?? null])
    },
    async putEmbeddingFailure({ source, offerId, imageUrl }, model, failedAt, reason) {
      await query(PUT_FAILURE, [source, offerId, imageUrl, model, failedAt, reason])
    },
    async forgetFailures(source) {
      const isOfSource = '$1::text IS NULL OR offer IN (SELECT id FROM mcp1688_offers WHERE source = $1)'
      return (await query(`DELETE FROM mcp1688_failures WHERE ${isOfSource} RETURNING 1`, [source ?? null])).length
    },
    remove: (source, offerIds) => (offerIds === null ? removeAll(query, source) : removeNamed(query, source, offerIds)),
  }
}

/** pgvector's text format; half precision is exact for integers up to 2,048. */
export function asHalfvec(vector: Int8Array): string {
  return `[${vector.join(',')}]`
}

/**
 * Sorted by ID, so that two writers never deadlock; no ID twice in a batch, because a statement writes a row only once.
 */
function batchesOf(offers: readonly OfferSummary[]): OfferSummary[][] {
  const rounds: Map<string, OfferSummary>[] = []
  for (const offer of offers) {
    const round = rounds.find(known => !known.has(offer.offerId)) ?? new Map<string, OfferSummary>()
    if (round.size === 0) rounds.push(round)
    round.set(offer.offerId, offer)
  }
  return rounds.flatMap(round => {
    const sorted = [...round.values()].sort((a, b) => (a.offerId < b.offerId ? -1 : 1))
    return Array.from({ length: Math.ceil(sorted.length / BATCH_OFFERS) }, (_, index) =>
      sorted.slice(index * BATCH_OFFERS, (index + 1) * BATCH_OFFERS),
    )
  })
}

async function putBatch(query: Query, source: string, offers: readonly OfferSummary[], seenAt: number): Promise<void> {
  const column = <T>(read: (offer: OfferSummary) => T): T[] => offers.map(read)
  await query(UPSERT, [
    source,
    seenAt,
    column(offer => offer.offerId),
    column(offer => offer.title),
    column(offer => asTsvector(offer.title)),
    column(offer => offer.price?.text ?? null),
    column(offer => offer.price?.min ?? null),
    column(offer => offer.price?.max ?? null),
    column(offer => offer.moq),
    column(offer => offer.unit),
    column(offer => offer.shopName),
    column(offer => offer.city),
    column(offer => offer.province),
    column(offer => offer.imageUrl),
    column(photosToJson),
    column(factsToJson),
  ])
}

async function removeNamed(query: Query, source: string, offerIds: readonly string[]): Promise<number> {
  const removed = await query('DELETE FROM mcp1688_offers WHERE source = $1 AND offer_id = ANY ($2) RETURNING 1', [
    source,
    offerIds,
  ])
  return removed.length
}

async function removeAll(query: Query, source: string): Promise<number> {
  // First the mirror's state: after a crash in between, it must not count offers that are gone.
  await query('DELETE FROM mcp1688_mirrors WHERE source = $1', [source])
  for (let total = 0; ; ) {
    const removed = await query(
      `DELETE FROM mcp1688_offers WHERE id IN (SELECT id FROM mcp1688_offers WHERE source = $1 LIMIT ${BATCH_OFFERS}) RETURNING 1`,
      [source],
    )
    total += removed.length
    if (removed.length < BATCH_OFFERS) return total
  }
}
