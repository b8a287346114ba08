/**
 * Keeps an in-memory index up to date with the catalogue in PostgreSQL, to which processes on several machines may
 * write.
 */
import type { PostgresTables } from '../../store/postgres.ts'
import { nullableBytesIn, numberIn, textIn } from '../../store/row.ts'
import type { CatchUp } from '../ranking/memory-ranking.ts'
import type { VectorIndex } from '../ranking/vector-index.ts'
import { readIndexed } from '../rows.ts'

/** Offers per read: some megabytes on the wire. */
const CHUNK_OFFERS = 1_000

/** A statement that begins now sees all transactions before `since` and none from `until` on. */
const MOMENT = `
  SELECT happened, pg_snapshot_xmin(pg_current_snapshot())::text AS since, pg_snapshot_xmax(pg_current_snapshot())::text AS until
  FROM mcp1688_removals`

/**
 * `$1` is the model; reading starts after transaction `$2` and ID `$3`, and ends before transaction `$4` (NULL: no
 * end).
 */
const CHANGED = `
  SELECT id, changed::text, source, offer_id, price_min, moq, city, province,
    facts ->> 'sellerKind' AS seller_kind, facts ->> 'badges' AS badges,
    CASE WHEN $1 = ANY (models) THEN (SELECT string_agg(halfvec_send(vector), '' ORDER BY picture)
      FROM mcp1688_embeddings WHERE offer = id AND model = $1) END AS vectors
  FROM mcp1688_offers
  WHERE (changed, id) > ($2::xid8, $3::bigint) AND ($4::xid8 IS NULL OR changed < $4::xid8)
  ORDER BY changed, id LIMIT ${CHUNK_OFFERS}`

/**
 * Transactions do not end in the order of their numbers, so each round also rereads the transactions that were running
 * in the previous round: usually none. A restored backup contains transaction numbers that are still in this server's
 * future; they are read at the start and again when the server's count passes them.
 */
export function createPostgresFeed({ query }: PostgresTables, index: VectorIndex, model: string): CatchUp {
  const chunk = { name: 'mcp1688 catalogue changed', text: CHANGED }
  let removals: number | null = null
  let since = '0'

  return async yieldToEventLoop => {
    const [moment] = await query({ name: 'mcp1688 catalogue moment', text: MOMENT })
    const isNew = numberIn(moment, 'happened') !== removals
    if (isNew) index.clear()
    // Unknown until this round is complete.
    removals = null
    const until = isNew ? null : textIn(moment, 'until')
    let after: readonly [changed: string, id: number] = [isNew ? '0' : since, 0]
    for (;;) {
      const rows = await query(chunk, [model, ...after, until])
      for (const row of rows) {
        const vectors = nullableBytesIn(row, 'vectors')
        index.put(readIndexed(row), vectors ? asVectors(vectors) : [])
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < CHUNK_OFFERS) break
      after = [textIn(last, 'changed'), numberIn(last, 'id')]
      await yieldToEventLoop()
    }
    removals = numberIn(moment, 'happened')
    since = textIn(moment, 'since')
  }
}

/** Of pgvector's wire format: length and a reserved field of 16 bits each. */
const HEADER_BYTES = 4

/** One after the other. */
function asVectors(bytes: Uint8Array): Int8Array[] {
  const vectors: Int8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const vector = asVector(bytes.subarray(at))
    vectors.push(vector)
    at += HEADER_BYTES + 2 * vector.length
  }
  return vectors
}

/** Half-precision numbers after the header, here always integers from -128 to 127. */
export function asVector(bytes: Uint8Array): Int8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int8Array.from({ length: view.getUint16(0) }, (_, component) => {
    const half = view.getUint16(HEADER_BYTES + 2 * component)
    const size = (1024 | (half & 1023)) >> (25 - ((half >> 10) & 31))
    return half & 0x8000 ? -size : size
  })
}
