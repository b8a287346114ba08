/** The secret that signs the addresses of pictures: one for all servers with the same data. */
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hasCode } from '../../errors.ts'
import { makeDataDir } from '../../store/data-dir.ts'
import type { Postgres } from '../../store/postgres.ts'
import { bytesIn } from '../../store/row.ts'
import { storeUnavailable } from '../../store/unavailable.ts'

export const SECRET_BYTES = 32

const FILE = 'pictures.secret'

/** Makes it at the first use. Rejects with AppError `store_unavailable`. */
export type ReadSigningSecret = () => Promise<Uint8Array>

/** A file that is damaged or lost is made again; the addresses signed with it then open no more. */
export function secretInFile(dataDir: string): ReadSigningSecret {
  const file = path.join(dataDir, FILE)
  let known: Uint8Array | null = null
  return async () => {
    try {
      known ??= readSecret(file) ?? makeSecret(dataDir, file)
      return known
    } catch (cause) {
      throw storeUnavailable(FILE, cause)
    }
  }
}

function readSecret(file: string): Uint8Array | null {
  try {
    const secret = readFileSync(file)
    return secret.length === SECRET_BYTES ? secret : null
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Writes a draft and links it: of two servers that start at once, one wins, and both use its secret. */
function makeSecret(dataDir: string, file: string): Uint8Array {
  makeDataDir(dataDir)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(SECRET_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, file)
  } catch {
    // A damaged one is replaced, that of another server is kept.
    if (readSecret(file) === null) {
      rmSync(file, { force: true })
      linkSync(draft, file)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(file)
}

const MIGRATIONS = [
  'CREATE TABLE mcp1688_signing_secret (is_the_one boolean PRIMARY KEY DEFAULT true CHECK (is_the_one), secret bytea NOT NULL);',
]

/** Connects at the first use. */
export function secretInPostgres(postgres: Postgres): ReadSigningSecret {
  const { query } = postgres.tables('signing_secret', MIGRATIONS)
  let known: Uint8Array | null = null
  return async () => {
    if (known !== null) return known
    await query('INSERT INTO mcp1688_signing_secret (secret) VALUES ($1) ON CONFLICT DO NOTHING', [
      randomBytes(SECRET_BYTES),
    ])
    const [row] = await query('SELECT secret FROM mcp1688_signing_secret')
    known = bytesIn(row, 'secret')
    return known
  }
}
