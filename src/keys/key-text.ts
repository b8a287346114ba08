/** The secret text of an API key. Only a keyed hash of it is stored. */
import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeDataDir } from '../store/data-dir.ts'
import { storeUnavailable } from '../store/sqlite.ts'

/** Lets people and secret scanners recognise a leaked key. */
const KEY_PREFIX = 'm1688_'

/** 192 bits cannot be guessed, so a fast hash is enough. */
const SECRET_BYTES = 24

export const PEPPER_BYTES = 32

const PEPPER_FILE = 'keys.pepper'

/** For example `m1688_1a2b3c4d_…`. */
export function createKeyText(id: string): string {
  return `${KEY_PREFIX}${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`
}

/** Whether `text` has the form of an API key, valid or not. */
export function isKeyText(text: string): boolean {
  return text.startsWith(KEY_PREFIX)
}

/** Without the pepper, a guessed key cannot be checked against a stolen hash. */
export function hashKeyText(pepper: Uint8Array, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest()
}

/**
 * The pepper of a data folder: a separate file that only its owner can read, so that a copy of the database alone is
 * useless. It is created with the first key: that it exists shows that there were keys.
 */
export interface Pepper {
  /** `null` before the first key. @throws AppError `store_unavailable` */
  read(): Uint8Array | null
  /** @throws AppError `store_unavailable` */
  readOrCreate(): Uint8Array
}

export function openPepper(dataDir: string): Pepper {
  let known: Uint8Array | null = null
  return {
    read: () => (known ??= load(dataDir, () => null)),
    readOrCreate: () => (known ??= load(dataDir, createPepper)),
  }
}

function load<Missing>(dataDir: string, onMissing: (file: string) => Missing): Uint8Array | Missing {
  const file = path.join(dataDir, PEPPER_FILE)
  try {
    makeDataDir(dataDir)
    const pepper = readPepper(file) ?? onMissing(file)
    if (pepper instanceof Uint8Array && pepper.length !== PEPPER_BYTES)
      throw new Error(`${PEPPER_FILE} has ${pepper.length} bytes, expected ${PEPPER_BYTES}`)
    return pepper
  } catch (cause) {
    throw storeUnavailable(PEPPER_FILE, cause)
  }
}

/** Writes a draft and links it: the file is complete or absent, and one of two racing processes wins. */
function createPepper(file: string): Uint8Array {
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
