/** The text of an API key: made from random bytes, and kept only as a keyed hash of it. */
import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeDataDir } from '../store/data-dir.ts'
import { storeUnavailable } from '../store/sqlite.ts'

/** Marks a key as ours, for people and for scanners of leaked secrets. */
const KEY_PREFIX = 'm1688_'

/** 192 bits: not to be guessed, so a fast hash does. */
const SECRET_BYTES = 24

export const PEPPER_BYTES = 32

const PEPPER_FILE = 'keys.pepper'

/** Makes a key's text, for example `m1688_1a2b3c4d_…`. @param id 8 hexadecimal digits. */
export function createKeyText(id: string): string {
  return `${KEY_PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** Whether `text` looks like a key of ours, right or wrong. */
export function isKeyText(text: string): boolean {
  return text.startsWith(KEY_PREFIX)
}

/** What is kept of a key: without the pepper it neither tells the key nor can be made from a guess. */
export function hashKeyText(pepper: Uint8Array, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest()
}

/**
 * The pepper of this data folder, made at the first call; only its owner can read it. It lies beside the database and not in it, so that a copy of the
 * database alone is of no use.
 * @throws AppError `store_unavailable`
 */
export function loadPepper(dataDir: string): Uint8Array {
  const file = path.join(dataDir, PEPPER_FILE)
  try {
    makeDataDir(dataDir)
    const pepper = readPepper(file) ?? makePepper(file)
    if (pepper.length !== PEPPER_BYTES) throw new Error(`${PEPPER_FILE} has ${pepper.length} bytes`)
    return pepper
  } catch (cause) {
    throw storeUnavailable(PEPPER_FILE, cause)
  }
}

/** Written aside and linked: the file is whole or not there, and of two processes one wins. */
function makePepper(file: string): Uint8Array {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, randomBytes(PEPPER_BYTES), { mode: 0o600, flag: 'wx', flush: true })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(draft)
  }
  return readFileSync(file)
}

function readPepper(file: string): Uint8Array | null {
  try {
    return readFileSync(file)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
