import path from 'node:path'
import { bytesIn, nullableBytesIn, numberIn, textIn } from '../../../store/row.ts'
import { hashSecret, newSecret } from '../../../store/secret.ts'
import { createShortLivedFile } from '../../../store/short-lived-file.ts'
import type { SqliteDatabase } from '../../../store/sqlite.ts'
import {
  LENT_READS,
  LENT_TTL_MS,
  MAX_LENT,
  MAX_OPEN_PAGES,
  MAX_PHOTOS,
  MAX_PHOTOS_IN_ALL,
  newPage,
  PHOTO_TTL_MS,
  type PhotoStore,
  tooManyPages,
} from '../photo-store.ts'

const FILE = 'photos.db'

const MIGRATIONS = [
  `CREATE TABLE photos (
     handle BLOB PRIMARY KEY,
     token BLOB NOT NULL UNIQUE,
     owner TEXT NOT NULL,
     bytes BLOB,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE lent (
     token BLOB PRIMARY KEY,
     bytes BLOB NOT NULL,
     reads_left INTEGER NOT NULL,
     expires_at INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID`,
]

export interface SqlitePhotoStoreOptions {
  dataDir: string
  /** Milliseconds since 1970. */
  now: () => number
}

export function createSqlitePhotoStore({ dataDir, now }: SqlitePhotoStoreOptions): PhotoStore {
  const file = createShortLivedFile({ file: path.join(dataDir, FILE), migrations: MIGRATIONS, prepare, now })
  return {
    async open(owner) {
      const page = newPage(now())
      const isOpened = await file.use(sql => {
        sql.prune.run(now())
        if (numberIn(sql.countOpen.get(owner), 'count') >= MAX_OPEN_PAGES) return false
        sql.insert.run(hashSecret(page.handle), hashSecret(page.token), owner, page.expiresAt)
        return true
      })
      if (!isOpened) throw tooManyPages()
      return page
    },
    ownerOf: token =>
      file.use(sql => {
        const row = sql.page.get(hashSecret(token), now())
        return row === undefined ? null : textIn(row, 'owner')
      }),
    put: (token, bytes) =>
      file.use(sql => {
        const [taken] = sql.put.all(bytes, now() + PHOTO_TTL_MS, hashSecret(token), now())
        if (taken === undefined) return false
        sql.makeRoom.run(MAX_PHOTOS, MAX_PHOTOS_IN_ALL)
        return true
      }),
    async keep(owner, bytes) {
      const { handle, token } = newPage(now())
      await file.use(sql => {
        sql.prune.run(now())
        sql.keep.run(hashSecret(handle), hashSecret(token), owner, bytes, now() + PHOTO_TTL_MS)
        sql.makeRoom.run(MAX_PHOTOS, MAX_PHOTOS_IN_ALL)
      })
      return handle
    },
    find: (handle, owner) =>
      file.use(sql => {
        const row = sql.find.get(hashSecret(handle), owner, now())
        if (row === undefined) return null
        if (nullableBytesIn(row, 'bytes') === null) return { kind: 'waiting', expiresAt: numberIn(row, 'expires_at') }
        return { kind: 'here', bytes: bytesIn(row, 'bytes') }
      }),
    async lend(bytes) {
      const token = newSecret()
      await file.use(sql => {
        sql.pruneLent.run(now())
        sql.lend.run(hashSecret(token), bytes, LENT_READS, now() + LENT_TTL_MS)
        sql.makeRoomToLend.run(MAX_LENT)
      })
      return token
    },
    readLent: token =>
      file.use(sql => {
        const [row] = sql.readLent.all(hashSecret(token), now())
        return row === undefined ? null : bytesIn(row, 'bytes')
      }),
    countOpen: () => file.use(sql => numberIn(sql.countAllOpen.get(now()), 'count')),
    close: async () => file.close(),
  }
}

function prepare(database: SqliteDatabase) {
  return {
    prune: database.prepare('DELETE FROM photos WHERE expires_at <= ?'),
    countOpen: database.prepare('SELECT count(*) AS count FROM photos WHERE owner = ? AND bytes IS NULL'),
    countAllOpen: database.prepare('SELECT count(*) AS count FROM photos WHERE bytes IS NULL AND expires_at > ?'),
    insert: database.prepare('INSERT INTO photos (handle, token, owner, expires_at) VALUES (?, ?, ?, ?)'),
    keep: database.prepare('INSERT INTO photos (handle, token, owner, bytes, expires_at) VALUES (?, ?, ?, ?, ?)'),
    page: database.prepare('SELECT owner FROM photos WHERE token = ? AND bytes IS NULL AND expires_at > ?'),
    put: database.prepare(
      'UPDATE photos SET bytes = ?, expires_at = ? WHERE token = ? AND bytes IS NULL AND expires_at > ? RETURNING owner',
    ),
    makeRoom: database.prepare(`
      DELETE FROM photos WHERE handle IN (
        SELECT handle FROM (
          SELECT handle, row_number() OVER (PARTITION BY owner ORDER BY expires_at DESC) AS of_owner,
            row_number() OVER (ORDER BY expires_at DESC) AS of_all
          FROM photos WHERE bytes IS NOT NULL)
        WHERE of_owner > ? OR of_all > ?)`),
    pruneLent: database.prepare('DELETE FROM lent WHERE expires_at <= ? OR reads_left = 0'),
    lend: database.prepare('INSERT INTO lent (token, bytes, reads_left, expires_at) VALUES (?, ?, ?, ?)'),
    makeRoomToLend: database.prepare(
      'DELETE FROM lent WHERE token NOT IN (SELECT token FROM lent ORDER BY expires_at DESC LIMIT ?)',
    ),
    readLent: database.prepare(
      'UPDATE lent SET reads_left = reads_left - 1 WHERE token = ? AND expires_at > ? AND reads_left > 0 RETURNING bytes',
    ),
    find: database.prepare('SELECT bytes, expires_at FROM photos WHERE handle = ? AND owner = ? AND expires_at > ?'),
  }
}
