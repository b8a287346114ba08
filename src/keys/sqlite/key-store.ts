import { randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from '../../log.ts'
import { whenFree } from '../../store/busy.ts'
import { createCopier, listCopies } from '../../store/copies/copies.ts'
import { DamagedFile } from '../../store/damage.ts'
import { createKeptReads } from '../../store/kept-reads.ts'
import { openSqlite, type SqliteDatabase } from '../../store/sqlite.ts'
import { storeUnavailable } from '../../store/unavailable.ts'
import { type ApiKey, type IssuedKey, type KeyStore, keyIsRevoked, unknownKeyId } from '../api-key.ts'
import { KEY_COLUMNS, readKeyRow, rightsText } from '../key-row.ts'
import { createKeyText, hashKeyText, KEYS_REPAIR, openPepper, pepperUnavailable } from '../key-text.ts'

export const KEYS_FILE = 'keys.db'

/** The limits and credits of each key's holder. */
export const ACCOUNTS_FOLDER = 'accounts'

const MIGRATIONS = [
  `CREATE TABLE keys (
     id TEXT PRIMARY KEY,
     hash BLOB NOT NULL UNIQUE,
     name TEXT NOT NULL,
     tier TEXT NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     revoked_at INTEGER
   ) STRICT`,
  `ALTER TABLE keys ADD COLUMN rights TEXT NOT NULL DEFAULT ''`,
  'ALTER TABLE keys ADD COLUMN own_offers INTEGER',
]

export interface KeyStoreOptions {
  /** Created if missing. */
  dataDir: string
  /** Milliseconds since 1970. */
  now: () => number
  logger?: Logger | undefined
}

/** @throws AppError `store_unavailable`. */
export function openKeyStore({ dataDir, now, logger }: KeyStoreOptions): KeyStore {
  const file = path.join(dataDir, KEYS_FILE)
  const pepper = openPepper(dataDir)
  pepper.read()
  const hadKeys = () =>
    pepper.read() !== null || existsSync(path.join(dataDir, ACCOUNTS_FOLDER)) || listCopies(file).length > 0
  const database = openSqlite({ file, durability: 'full', migrations: MIGRATIONS, repair: KEYS_REPAIR })
  const sql = prepare(database)
  const copier = createCopier({ database, file, now, logger })
  const { keepReads, writes } = createKeptReads(database, file)
  const keptAny = keepReads<boolean>()
  const hasAny = () => keptAny('', () => sql.any.get() !== undefined)
  if (hasAny()) copier.daily()
  const attempt = async <T>(work: () => T): Promise<T> => {
    try {
      return await whenFree(work)
    } catch (cause) {
      throw storeUnavailable(file, cause, KEYS_REPAIR)
    }
  }
  const write = async (id: string, work: () => unknown): Promise<ApiKey> => {
    const written = await attempt(() => {
      writes()
      return work()
    })
    if (written === undefined) throw unknownKeyId(id)
    // At once: an older copy would accept what was revoked since.
    copier.changed()
    return readKeyRow(written).key
  }
  const issue = async (id: string, work: (hash: Buffer) => unknown): Promise<IssuedKey> => {
    const text = createKeyText(id)
    await refuseLostPepper()
    return { key: await write(id, () => work(hashKeyText(pepper.readOrCreate(), text))), text }
  }
  const isEmpty = async () => !(await attempt(hasAny))
  /** A new one would make every key useless. */
  const refuseLostPepper = async () => {
    if (pepper.read() === null && !(await isEmpty())) throw pepperUnavailable(dataDir, new DamagedFile('missing'))
  }
  return {
    add: ({ name, tier, expiresAt, rights = [], ownOffers = null }) => {
      const id = randomBytes(4).toString('hex')
      return issue(id, hash => sql.insert.get(id, hash, name, tier, now(), expiresAt, rightsText(rights), ownOffers))
    },
    list: async () => (await attempt(() => sql.list.all())).map(found => readKeyRow(found).key),
    revoke: id => write(id, () => sql.revoke.get(now(), id)),
    rotate: async id => {
      const issued = await issue(id, hash => sql.rotate.get(hash, id))
      if (issued.key.revokedAt !== null) throw keyIsRevoked(id)
      return issued
    },
    allow: (id, rights) => write(id, () => sql.allow.get(rightsText(rights), id)),
    find: async text => {
      const secret = pepper.read()
      if (secret === null) return null
      const hash = hashKeyText(secret, text)
      const row = await attempt(() => sql.find.get(hash))
      const found = row && readKeyRow(row)
      return found && timingSafeEqual(found.hash, hash) ? found.key : null
    },
    isEmpty,
    areLost: async () => {
      await refuseLostPepper()
      return hadKeys() && (await isEmpty())
    },
    close: async () => database.close(),
  }
}

function prepare(database: SqliteDatabase) {
  return {
    insert: database.prepare(
      `INSERT INTO keys (id, hash, name, tier, created_at, expires_at, rights, own_offers) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${KEY_COLUMNS}`,
    ),
    list: database.prepare(`SELECT ${KEY_COLUMNS} FROM keys ORDER BY created_at, id`),
    revoke: database.prepare(
      `UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING ${KEY_COLUMNS}`,
    ),
    rotate: database.prepare(
      `UPDATE keys SET hash = iif(revoked_at IS NULL, ?, hash) WHERE id = ? RETURNING ${KEY_COLUMNS}`,
    ),
    allow: database.prepare(`UPDATE keys SET rights = ? WHERE id = ? RETURNING ${KEY_COLUMNS}`),
    find: database.prepare(`SELECT ${KEY_COLUMNS} FROM keys WHERE hash = ?`),
    any: database.prepare('SELECT 1 FROM keys LIMIT 1'),
  }
}
