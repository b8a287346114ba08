import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { Postgres } from '../../store/postgres.ts'
import { bytesIn } from '../../store/row.ts'
import { type ApiKey, type IssuedKey, type KeyStore, keyIsRevoked, unknownKeyId } from '../api-key.ts'
import { KEY_COLUMNS, readKeyRow, rightsText } from '../key-row.ts'
import { createKeyText, hashKeyText, PEPPER_BYTES } from '../key-text.ts'

/**
 * The pepper is in the database because the machines share no folder. A stolen copy therefore includes it, and only the
 * 192 random bits of a key protect its text.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE mcp1688_keys (
     id text PRIMARY KEY,
     hash bytea NOT NULL UNIQUE,
     name text NOT NULL,
     tier text NOT NULL,
     created_at double precision NOT NULL,
     expires_at double precision,
     revoked_at double precision
   );
   CREATE TABLE mcp1688_pepper (is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one), pepper bytea NOT NULL);`,
  `ALTER TABLE mcp1688_keys ADD COLUMN rights text NOT NULL DEFAULT ''`,
  'ALTER TABLE mcp1688_keys ADD COLUMN own_offers integer',
]

const SQL = {
  makePepper: 'INSERT INTO mcp1688_pepper (pepper) VALUES ($1) ON CONFLICT DO NOTHING',
  pepper: 'SELECT pepper FROM mcp1688_pepper',
  insert: `INSERT INTO mcp1688_keys (id, hash, name, tier, created_at, expires_at, rights, own_offers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${KEY_COLUMNS}`,
  list: `SELECT ${KEY_COLUMNS} FROM mcp1688_keys ORDER BY created_at, id`,
  revoke: `UPDATE mcp1688_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1 RETURNING ${KEY_COLUMNS}`,
  rotate: `UPDATE mcp1688_keys SET hash = CASE WHEN revoked_at IS NULL THEN $2 ELSE hash END WHERE id = $1 RETURNING ${KEY_COLUMNS}`,
  allow: `UPDATE mcp1688_keys SET rights = $2 WHERE id = $1 RETURNING ${KEY_COLUMNS}`,
  find: { name: 'mcp1688 keys find', text: `SELECT ${KEY_COLUMNS} FROM mcp1688_keys WHERE hash = $1` },
  any: 'SELECT 1 FROM mcp1688_keys LIMIT 1',
} as const

export interface PostgresKeyStoreOptions {
  postgres: Postgres
  /** Milliseconds since 1970. */
  now: () => number
}

/** Connects at the first use. */
export function createPostgresKeyStore({ postgres, now }: PostgresKeyStoreOptions): KeyStore {
  const { query } = postgres.tables('keys', MIGRATIONS)
  let pepper: Uint8Array | null = null

  /** `null` before the first key. */
  const readPepper = async (): Promise<Uint8Array | null> => {
    if (pepper) return pepper
    const [row] = await query(SQL.pepper)
    pepper = row === undefined ? null : bytesIn(row, 'pepper')
    return pepper
  }
  const makePepper = async (): Promise<Uint8Array> => {
    await query(SQL.makePepper, [randomBytes(PEPPER_BYTES)])
    const [row] = await query(SQL.pepper)
    return bytesIn(row, 'pepper')
  }
  const isEmpty = async () => (await query(SQL.any)).length === 0
  const write = async (id: string, sql: string, values: readonly unknown[]): Promise<ApiKey> => {
    const [row] = await query(sql, values)
    if (row === undefined) throw unknownKeyId(id)
    return readKeyRow(row).key
  }
  const issue = async (id: string, sql: string, more: readonly unknown[]): Promise<IssuedKey> => {
    const text = createKeyText(id)
    return {
      key: await write(id, sql, [id, hashKeyText((await readPepper()) ?? (await makePepper()), text), ...more]),
      text,
    }
  }
  return {
    add: ({ name, tier, expiresAt, rights = [], ownOffers = null }) =>
      issue(randomBytes(4).toString('hex'), SQL.insert, [name, tier, now(), expiresAt, rightsText(rights), ownOffers]),
    list: async () => (await query(SQL.list)).map(row => readKeyRow(row).key),
    revoke: id => write(id, SQL.revoke, [id, now()]),
    async rotate(id) {
      const issued = await issue(id, SQL.rotate, [])
      if (issued.key.revokedAt !== null) throw keyIsRevoked(id)
      return issued
    },
    allow: (id, rights) => write(id, SQL.allow, [id, rightsText(rights)]),
    async find(text) {
      const secret = await readPepper()
      if (secret === null) return null
      const hash = hashKeyText(secret, text)
      const [row] = await query(SQL.find, [hash])
      const found = row && readKeyRow(row)
      return found && timingSafeEqual(found.hash, hash) ? found.key : null
    },
    isEmpty,
    areLost: async () => (await readPepper()) !== null && (await isEmpty()),
    // The pool is shared and outlives the store.
    close: async () => undefined,
  }
}
