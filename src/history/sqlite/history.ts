/** The history in own.db, which has copies and is restored from them. */
import type { CatalogueFile } from '../../catalogue/sqlite/catalogue-file.ts'
import type { PastObservation } from '../../offers/observation.ts'
import { numberIn } from '../../store/row.ts'
import { preparedOnce, type SqliteDatabase } from '../../store/sqlite.ts'
import { type HistoryStore, MAX_OBSERVATIONS, MAX_OBSERVATIONS_OF_OFFER, type Sighting } from '../history.ts'
import { readObservation } from '../rows.ts'
import { outcomeOf } from '../rules.ts'

/** Runs work on the open file; see `OwnOffers.useFile`. */
export type UseFile = <T>(work: (file: CatalogueFile) => Promise<T>) => Promise<T>

export function createSqliteHistory(use: UseFile): HistoryStore {
  /** A power cut may lose the last observations: a sync of the disk for each would hold up other calls. */
  const write = (work: (sql: Statements) => void): Promise<void> =>
    use(async file => {
      const sql = statementsOf(file.database)
      await file.writeSoon(() => work(sql))
    })
  return {
    observe: sightings =>
      write(sql => {
        for (const sighting of sightings) observe(sql, sighting)
      }),
    past: ({ sources, offerId, kind, limit }) =>
      use(file => {
        const parameters = [JSON.stringify(sources), offerId, kind, limit] as const
        const select = () =>
          statementsOf(file.database)
            .past.all(...parameters)
            .map(readObservation)
        return file.read(() => keptPast(file)(parameters.join(' '), select))
      }),
    forget: (source, offerIds) =>
      write(sql =>
        offerIds === null ? sql.forgetSource.run(source) : sql.forgetOffers.run(source, JSON.stringify(offerIds)),
      ),
    prune: before =>
      write(sql => {
        sql.prune.run(before)
        sql.makeRoom.run(MAX_OBSERVATIONS)
      }),
  }
}

function observe(sql: Statements, sighting: Sighting): void {
  const { source, offerId, kind, seenAt } = sighting
  const row = sql.last.get(source, offerId, kind)
  const outcome = outcomeOf(row ? readObservation(row) : null, sighting)
  if (outcome.action === 'confirm') sql.confirm.run(seenAt, numberIn(row, 'id'))
  if (outcome.action !== 'add') return
  sql.add.run(source, offerId, kind, seenAt, seenAt, JSON.stringify(outcome.facts))
  sql.trim.run(source, offerId, kind, MAX_OBSERVATIONS_OF_OFFER)
}

type Statements = ReturnType<typeof prepare>

const keptPast = preparedOnce((file: CatalogueFile) => file.keepReads<PastObservation[]>())

const statementsOf = preparedOnce(prepare)

function prepare(database: SqliteDatabase) {
  const ofOffer = 'source = ? AND offer_id = ? AND kind = ?'
  return {
    last: database.prepare(
      `SELECT id, facts, last_at FROM observations WHERE ${ofOffer} ORDER BY first_at DESC LIMIT 1`,
    ),
    confirm: database.prepare('UPDATE observations SET last_at = ? WHERE id = ?'),
    add: database.prepare(
      'INSERT OR IGNORE INTO observations (source, offer_id, kind, first_at, last_at, facts) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    trim: database.prepare(
      `DELETE FROM observations WHERE id IN (SELECT id FROM observations WHERE ${ofOffer} ORDER BY first_at DESC LIMIT -1 OFFSET ?)`,
    ),
    past: database.prepare(
      `SELECT facts, last_at FROM observations
       WHERE source IN (SELECT value FROM json_each(?)) AND offer_id = ? AND kind = ? ORDER BY first_at DESC LIMIT ?`,
    ),
    forgetSource: database.prepare('DELETE FROM observations WHERE source = ?'),
    forgetOffers: database.prepare(
      'DELETE FROM observations WHERE source = ? AND offer_id IN (SELECT value FROM json_each(?))',
    ),
    prune: database.prepare('DELETE FROM observations WHERE last_at < ?'),
    makeRoom: database.prepare(
      'DELETE FROM observations WHERE id IN (SELECT id FROM observations ORDER BY last_at DESC LIMIT -1 OFFSET ?)',
    ),
  }
}
