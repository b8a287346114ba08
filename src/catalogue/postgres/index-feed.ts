/** Keeps an index in memory in step with the catalogue in PostgreSQL, whichever process on whichever machine writes it. */
import type { PostgresTables } from '../../store/postgres.ts'
import { nullableBytesIn, numberIn, textIn } from '../../store/row.ts'
import type { CatchUp } from '../ranking/memory-ranking.ts'
import type { VectorIndex } from '../ranking/vector-index.ts'
import { readIndexed } from '../rows.ts'

/** Offers that are read at once: some megabytes on the wire. */
const CHUNK_OFFERS = 1_000

/** What a statement that begins now can see: all of transactions before `since`, nothing of those from `until` on. */
const MOMENT = `
  SELECT happened, pg_snapshot_xmin(pg_current_snapshot())::text AS since, pg_snapshot_xmax(pg_current_snapshot())::text AS until
  FROM mcp1688_removals`

/** `$1` is the model; `$2` and `$3` the transaction and id after which to read; `$4` the transaction before which, NULL for no end. */
const CHANGED = `
  SELECT id, changed::text, source, offer_id, price_min, moq, city, province,
    (SELECT halfvec_send(vector) FROM mcp1688_embeddings WHERE offer = id AND model = $1) AS vector
  FROM mcp1688_offers
  WHERE (changed, id) > ($2::xid8, $3::bigint) AND ($4::xid8 IS NULL OR changed < $4::xid8)
  ORDER BY changed, id LIMIT ${CHUNK_OFFERS}`

/**
 * Makes the feed of one model's index. Transactions do not end in the order of their numbers, so each time everything is read again that belongs to a
 * transaction which was under way the time before: mostly nothing. A restored backup names transactions that are still to come in this server: they are
 * read at the beginning, and when the server's count passes them.
 */
export function createPostgresFeed({ query }: PostgresTables, index: VectorIndex, model: string): CatchUp {
  const chunk = { name: 'mcp1688 catalogue changed', text: CHANGED }
  let removals: number | null = null
  let since = '0'

  return async yieldToEventLoop => {
    const [moment] = await query({ name: 'mcp1688 catalogue moment', text: MOMENT })
    const isNew = numberIn(moment, 'happened') !== removals
    if (isNew) index.clear()
    // Until this round is through, what it left undone is not known.
    removals = null
    const until = isNew ? null : textIn(moment, 'until')
    let after: readonly [changed: string, id: number] = [isNew ? '0' : since, 0]
    for (;;) {
      const rows = await query(chunk, [model, ...after, until])
      for (const row of rows) {
        const vector = nullableBytesIn(row, 'vector')
        index.put(readIndexed(row), vector && asVector(vector))
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

/** pgvector's form on the wire: length and a reserved number of 16 bits each, then halves, here always whole numbers from -128 to 127. */
export function asVector(bytes: Uint8Array): Int8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int8Array.from({ length: view.getUint16(0) }, (_, component) => {
    const half = view.getUint16(4 + 2 * component)
    const size = (1024 | (half & 1023)) >> (25 - ((half >> 10) & 31))
    return half & 0x8000 ? -size : size
  })
}
