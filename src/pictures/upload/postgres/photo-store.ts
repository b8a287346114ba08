import { DATABASE_NOW, type Postgres } from '../../../store/postgres.ts'
import { bytesIn, nullableBytesIn, numberIn, textIn } from '../../../store/row.ts'
import { hashSecret, newSecret } from '../../../store/secret.ts'
import {
  LENT_READS,
  LENT_TTL_MS,
  MAX_LENT,
  MAX_OPEN_PAGES,
  MAX_PHOTOS,
  MAX_PHOTOS_IN_ALL,
  newPage,
  PAGE_TTL_MS,
  PHOTO_TTL_MS,
  type PhotoStore,
  tooManyPages,
} from '../photo-store.ts'

/** Times are the database's, since those of the servers may disagree. */
const MIGRATIONS = [
  `CREATE TABLE mcp1688_photos (
     handle bytea PRIMARY KEY,
     token bytea NOT NULL UNIQUE,
     owner text NOT NULL,
     bytes bytea,
     expires_at double precision NOT NULL
   );`,
  `CREATE TABLE mcp1688_lent (
     token bytea PRIMARY KEY,
     bytes bytea NOT NULL,
     reads_left int NOT NULL,
     expires_at double precision NOT NULL
   );`,
]

const SQL = {
  prune: `DELETE FROM mcp1688_photos WHERE expires_at <= ${DATABASE_NOW}`,
  insert: `
    INSERT INTO mcp1688_photos (handle, token, owner, expires_at) SELECT $1, $2, $3, ${DATABASE_NOW} + ${PAGE_TTL_MS}
    WHERE (SELECT count(*) FROM mcp1688_photos WHERE owner = $3 AND bytes IS NULL AND expires_at > ${DATABASE_NOW}) < ${MAX_OPEN_PAGES}
    RETURNING expires_at`,
  keep: `
    INSERT INTO mcp1688_photos (handle, token, owner, bytes, expires_at)
    VALUES ($1, $2, $3, $4, ${DATABASE_NOW} + ${PHOTO_TTL_MS})`,
  page: `SELECT owner FROM mcp1688_photos WHERE token = $1 AND bytes IS NULL AND expires_at > ${DATABASE_NOW}`,
  put: `
    UPDATE mcp1688_photos SET bytes = $2, expires_at = ${DATABASE_NOW} + ${PHOTO_TTL_MS}
    WHERE token = $1 AND bytes IS NULL AND expires_at > ${DATABASE_NOW} RETURNING owner`,
  makeRoom: `
    DELETE FROM mcp1688_photos WHERE handle IN (
      SELECT handle FROM (
        SELECT handle, row_number() OVER (PARTITION BY owner ORDER BY expires_at DESC) AS of_owner,
          row_number() OVER (ORDER BY expires_at DESC) AS of_all
        FROM mcp1688_photos WHERE bytes IS NOT NULL) AS ranked
      WHERE of_owner > ${MAX_PHOTOS} OR of_all > ${MAX_PHOTOS_IN_ALL})`,
  pruneLent: `DELETE FROM mcp1688_lent WHERE expires_at <= ${DATABASE_NOW} OR reads_left = 0`,
  lend: `
    INSERT INTO mcp1688_lent (token, bytes, reads_left, expires_at)
    VALUES ($1, $2, ${LENT_READS}, ${DATABASE_NOW} + ${LENT_TTL_MS})`,
  makeRoomToLend: `
    DELETE FROM mcp1688_lent WHERE token NOT IN (SELECT token FROM mcp1688_lent ORDER BY expires_at DESC LIMIT ${MAX_LENT})`,
  readLent: `
    UPDATE mcp1688_lent SET reads_left = reads_left - 1
    WHERE token = $1 AND expires_at > ${DATABASE_NOW} AND reads_left > 0 RETURNING bytes`,
  countOpen: `SELECT count(*)::int AS count FROM mcp1688_photos WHERE bytes IS NULL AND expires_at > ${DATABASE_NOW}`,
  find: `SELECT bytes, expires_at FROM mcp1688_photos WHERE handle = $1 AND owner = $2 AND expires_at > ${DATABASE_NOW}`,
} as const

/** Connects at the first use. */
export function createPostgresPhotoStore(postgres: Postgres): PhotoStore {
  const { query } = postgres.tables('photos', MIGRATIONS)
  return {
    async open(owner) {
      await query(SQL.prune)
      const page = newPage(0)
      const [row] = await query(SQL.insert, [hashSecret(page.handle), hashSecret(page.token), owner])
      if (row === undefined) throw tooManyPages()
      return { ...page, expiresAt: numberIn(row, 'expires_at') }
    },
    async ownerOf(token) {
      const [row] = await query(SQL.page, [hashSecret(token)])
      return row === undefined ? null : textIn(row, 'owner')
    },
    async put(token, bytes) {
      const [taken] = await query(SQL.put, [hashSecret(token), Buffer.from(bytes)])
      if (taken !== undefined) await query(SQL.makeRoom)
      return taken !== undefined
    },
    async keep(owner, bytes) {
      await query(SQL.prune)
      const { handle, token } = newPage(0)
      await query(SQL.keep, [hashSecret(handle), hashSecret(token), owner, Buffer.from(bytes)])
      await query(SQL.makeRoom)
      return handle
    },
    async find(handle, owner) {
      const [row] = await query(SQL.find, [hashSecret(handle), owner])
      if (row === undefined) return null
      if (nullableBytesIn(row, 'bytes') === null) return { kind: 'waiting', expiresAt: numberIn(row, 'expires_at') }
      return { kind: 'here', bytes: bytesIn(row, 'bytes') }
    },
    async lend(bytes) {
      await query(SQL.pruneLent)
      const token = newSecret()
      await query(SQL.lend, [hashSecret(token), Buffer.from(bytes)])
      await query(SQL.makeRoomToLend)
      return token
    },
    async readLent(token) {
      const [row] = await query(SQL.readLent, [hashSecret(token)])
      return row === undefined ? null : bytesIn(row, 'bytes')
    },
    async countOpen() {
      const [row] = await query(SQL.countOpen)
      return numberIn(row, 'count')
    },
    // The pool is shared and outlives the store.
    close: async () => undefined,
  }
}
