/** Reads what can still be read of a damaged file of imported offers. */
import { numberIn, type Row, textIn } from '../../store/row.ts'
import { connect, type SqliteDatabase } from '../../store/sqlite.ts'
import type { CatalogueOffer } from '../catalogue.ts'
import { isImport } from '../owners.ts'
import { readOffer } from '../rows.ts'

/** Rows that are read at once; where that fails, each by itself. */
const CHUNK_ROWS = 64

export interface Salvaged {
  offers: CatalogueOffer[]
  /** Keys of all offers that the file is known to have held; `null` if it cannot be read far enough to say. */
  known: Set<string> | null
}

export function keyOf(source: string, offerId: string): string {
  return JSON.stringify([source, offerId])
}

export function salvage(file: string, now: number): Salvaged {
  let database: SqliteDatabase | undefined
  try {
    database = connect(file)
    const last = lastIdOf(database)
    const offers = last === null ? [] : readRows(database, last, now)
    return { offers, known: knownKeys(database) }
  } catch {
    return { offers: [], known: null }
  } finally {
    database?.close()
  }
}

function lastIdOf(database: SqliteDatabase): number | null {
  for (const sql of [
    "SELECT seq AS id FROM sqlite_sequence WHERE name = 'offers'",
    'SELECT max(id) AS id FROM offers',
  ]) {
    try {
      return numberIn(database.prepare(sql).get(), 'id')
    } catch {}
  }
  return null
}

function readRows(database: SqliteDatabase, last: number, now: number): CatalogueOffer[] {
  const chunk = database.prepare('SELECT * FROM offers WHERE id BETWEEN ? AND ?')
  const attempt = (from: number, to: number): Row[] | null => {
    try {
      return chunk.all(from, to)
    } catch {
      return null
    }
  }
  const offers: CatalogueOffer[] = []
  for (let from = 1; from <= last; from += CHUNK_ROWS) {
    const ids = Array.from({ length: CHUNK_ROWS }, (_, index) => from + index)
    const rows = attempt(from, from + CHUNK_ROWS - 1) ?? ids.flatMap(id => attempt(id, id) ?? [])
    offers.push(...rows.flatMap(row => soundOffer(row, now)))
  }
  return offers
}

/** Noise that happens to be read as a row must not pass for an offer. */
function soundOffer(row: Row, now: number): CatalogueOffer[] {
  try {
    const read = readOffer(row)
    const { offerId, title } = read.offer
    const isSound = isImport(read.source) && /^\d{5,19}$/.test(offerId) && title !== '' && !title.includes('\uFFFD')
    return isSound && read.firstSeenAt <= read.lastSeenAt && read.lastSeenAt <= now ? [read] : []
  } catch {
    return []
  }
}

/** From the index, whose pages may be sound where those of the rows are not. */
function knownKeys(database: SqliteDatabase): Set<string> | null {
  const page = database.prepare(`
    SELECT source, offer_id FROM offers INDEXED BY sqlite_autoindex_offers_1
    WHERE (source, offer_id) > (?, ?) ORDER BY source, offer_id LIMIT ${CHUNK_ROWS}`)
  const keys = new Set<string>()
  let after: [source: string, offerId: string] = ['', '']
  try {
    for (;;) {
      const rows = page.all(...after)
      for (const row of rows) {
        after = [textIn(row, 'source'), textIn(row, 'offer_id')]
        keys.add(keyOf(...after))
      }
      if (rows.length < CHUNK_ROWS) return keys
    }
  } catch {
    return null
  }
}
