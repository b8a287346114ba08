import path from 'node:path'
import { bytesIn, numberIn, textIn } from '../../store/row.ts'
import { hashSecret, newSecret } from '../../store/secret.ts'
import { createShortLivedFile } from '../../store/short-lived-file.ts'
import type { SqliteDatabase } from '../../store/sqlite.ts'
import { checkSize, EXPORT_TTL_MS, type ExportStore, MAX_EXPORTS, MAX_EXPORTS_IN_ALL } from '../export-store.ts'

const FILE = 'exports.db'

const MIGRATIONS = [
  `CREATE TABLE exports (
     token BLOB PRIMARY KEY,
     owner TEXT NOT NULL,
     name TEXT NOT NULL,
     media_type TEXT NOT NULL,
     bytes BLOB NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
]

export interface SqliteExportStoreOptions {
  dataDir: string
  /** Milliseconds since 1970. */
  now: () => number
}

export function createSqliteExportStore({ dataDir, now }: SqliteExportStoreOptions): ExportStore {
  const file = createShortLivedFile({ file: path.join(dataDir, FILE), migrations: MIGRATIONS, prepare, now })
  return {
    async put(content, owner, room) {
      checkSize(content)
      const token = newSecret()
      const expiresAt = now() + EXPORT_TTL_MS
      const isStored = await file.use(sql => {
        sql.prune.run(now())
        const hash = hashSecret(token)
        const { name, mediaType, bytes } = content
        const most = room === null ? null : room - bytes.length
        const { changes } = sql.insert.run(hash, owner, name, mediaType, bytes, expiresAt, most, owner, most)
        sql.makeRoom.run(MAX_EXPORTS, MAX_EXPORTS_IN_ALL)
        return changes === 1
      })
      return isStored ? { token, expiresAt } : null
    },
    bytesOf: owner => file.use(sql => numberIn(sql.bytesOf.get(owner, now()), 'bytes')),
    find: token =>
      file.use(sql => {
        const row = sql.find.get(hashSecret(token), now())
        if (row === undefined) return null
        return { name: textIn(row, 'name'), mediaType: textIn(row, 'media_type'), bytes: bytesIn(row, 'bytes') }
      }),
    close: async () => file.close(),
  }
}

function prepare(database: SqliteDatabase) {
  return {
    prune: database.prepare('DELETE FROM exports WHERE expires_at <= ?'),
    insert: database.prepare(`
      INSERT INTO exports (token, owner, name, media_type, bytes, expires_at)
      SELECT ?, ?, ?, ?, ?, ?
      WHERE ? IS NULL OR (SELECT coalesce(sum(length(bytes)), 0) FROM exports WHERE owner = ?) <= ?`),
    bytesOf: database.prepare(
      'SELECT coalesce(sum(length(bytes)), 0) AS bytes FROM exports WHERE owner = ? AND expires_at > ?',
    ),
    makeRoom: database.prepare(`
      DELETE FROM exports WHERE token IN (
        SELECT token FROM (
          SELECT token, row_number() OVER (PARTITION BY owner ORDER BY expires_at DESC) AS of_owner,
            row_number() OVER (ORDER BY expires_at DESC) AS of_all
          FROM exports)
        WHERE of_owner > ? OR of_all > ?)`),
    find: database.prepare('SELECT name, media_type, bytes FROM exports WHERE token = ? AND expires_at > ?'),
  }
}
