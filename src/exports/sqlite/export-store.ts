import path from 'node:path'
import { whenFree } from '../../store/busy.ts'
import { bytesIn, textIn } from '../../store/row.ts'
import { hashSecret, newSecret } from '../../store/secret.ts'
import { openSqlite, type SqliteDatabase } from '../../store/sqlite.ts'
import { storeUnavailable } from '../../store/unavailable.ts'
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

/** Opens its file at the first use. */
export function createSqliteExportStore({ dataDir, now }: SqliteExportStoreOptions): ExportStore {
  let opened: ReturnType<typeof prepare> | null = null
  const attempt = async <T>(work: (sql: ReturnType<typeof prepare>) => T): Promise<T> => {
    opened ??= prepare(openSqlite({ file: path.join(dataDir, FILE), durability: 'normal', migrations: MIGRATIONS }))
    const sql = opened
    try {
      return await whenFree(() => work(sql))
    } catch (cause) {
      throw storeUnavailable(FILE, cause)
    }
  }
  return {
    async put(file, owner) {
      checkSize(file)
      const token = newSecret()
      const expiresAt = now() + EXPORT_TTL_MS
      await attempt(sql => {
        sql.prune.run(now())
        sql.insert.run(hashSecret(token), owner, file.name, file.mediaType, file.bytes, expiresAt)
        sql.makeRoom.run(MAX_EXPORTS, MAX_EXPORTS_IN_ALL)
      })
      return { token, expiresAt }
    },
    find: token =>
      attempt(sql => {
        const row = sql.find.get(hashSecret(token), now())
        if (row === undefined) return null
        return { name: textIn(row, 'name'), mediaType: textIn(row, 'media_type'), bytes: bytesIn(row, 'bytes') }
      }),
    async close() {
      opened?.database.close()
    },
  }
}

function prepare(database: SqliteDatabase) {
  return {
    database,
    prune: database.prepare('DELETE FROM exports WHERE expires_at <= ?'),
    insert: database.prepare(
      'INSERT INTO exports (token, owner, name, media_type, bytes, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
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
