import { DATABASE_NOW, type Postgres } from '../../store/postgres.ts'
import { bytesIn, numberIn, textIn } from '../../store/row.ts'
import { hashSecret, newSecret } from '../../store/secret.ts'
import { checkSize, EXPORT_TTL_MS, type ExportStore, MAX_EXPORTS, MAX_EXPORTS_IN_ALL } from '../export-store.ts'

/** Times are the database's, since those of the servers may disagree. */
const MIGRATIONS = [
  `CREATE TABLE mcp1688_exports (
     token bytea PRIMARY KEY,
     owner text NOT NULL,
     name text NOT NULL,
     media_type text NOT NULL,
     bytes bytea NOT NULL,
     expires_at double precision NOT NULL
   );`,
]

const bytesOf = (owner: string) => `(
  SELECT coalesce(sum(octet_length(bytes)), 0)::float8 FROM mcp1688_exports
  WHERE owner = ${owner} AND expires_at > ${DATABASE_NOW})`

const SQL = {
  prune: `DELETE FROM mcp1688_exports WHERE expires_at <= ${DATABASE_NOW}`,
  insert: `
    INSERT INTO mcp1688_exports (token, owner, name, media_type, bytes, expires_at)
    SELECT $1::bytea, $2::text, $3::text, $4::text, $5::bytea, ${DATABASE_NOW} + ${EXPORT_TTL_MS}
    WHERE $6::float8 IS NULL OR ${bytesOf('$2::text')} <= $6 RETURNING expires_at`,
  bytesOf: `SELECT ${bytesOf('$1')} AS bytes`,
  makeRoom: `
    DELETE FROM mcp1688_exports WHERE token IN (
      SELECT token FROM (
        SELECT token, row_number() OVER (PARTITION BY owner ORDER BY expires_at DESC) AS of_owner,
          row_number() OVER (ORDER BY expires_at DESC) AS of_all
        FROM mcp1688_exports) AS ranked
      WHERE of_owner > ${MAX_EXPORTS} OR of_all > ${MAX_EXPORTS_IN_ALL})`,
  find: `SELECT name, media_type, bytes FROM mcp1688_exports WHERE token = $1 AND expires_at > ${DATABASE_NOW}`,
} as const

/** Connects at the first use. */
export function createPostgresExportStore(postgres: Postgres): ExportStore {
  const { query } = postgres.tables('exports', MIGRATIONS)
  return {
    async put(file, owner, room) {
      checkSize(file)
      const { name, mediaType, bytes } = file
      await query(SQL.prune)
      const token = newSecret()
      const most = room === null ? null : room - bytes.length
      const [row] = await query(SQL.insert, [hashSecret(token), owner, name, mediaType, Buffer.from(bytes), most])
      if (row === undefined) return null
      await query(SQL.makeRoom)
      return { token, expiresAt: numberIn(row, 'expires_at') }
    },
    async bytesOf(owner) {
      const [row] = await query(SQL.bytesOf, [owner])
      return numberIn(row, 'bytes')
    },
    async find(token) {
      const [row] = await query(SQL.find, [hashSecret(token)])
      if (row === undefined) return null
      return { name: textIn(row, 'name'), mediaType: textIn(row, 'media_type'), bytes: bytesIn(row, 'bytes') }
    },
    // The pool is shared and outlives the store.
    close: async () => undefined,
  }
}
