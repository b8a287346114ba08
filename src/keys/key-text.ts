/** The secret text of an API key. Only a keyed hash of it is stored. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { AppError, hasCode } from '../errors.ts'
import { DamagedFile, isDamage } from '../store/damage.ts'
import { makeDataDir } from '../store/data-dir.ts'
import { type Repair, storeUnavailable } from '../store/unavailable.ts'

/** Lets people and secret scanners recognise a leaked key. */
export const KEY_PREFIX = 'm1688_'

/** 192 bits cannot be guessed, so a fast hash is enough. */
const SECRET_BYTES = 24

export const PEPPER_BYTES = 32

export const PEPPER_FILE = 'keys.pepper'

/** Made once, since the pepper never changes. */
export const PEPPER_COPY = 'keys.pepper.copy'

/** What to do about a damaged file of the keys. */
export const KEYS_REPAIR: Repair = {
  command: 'mcp-1688 keys restore',
  otherwise:
    'Restore it from a backup. To start over without keys, delete keys.db, keys.pepper, their copies and the folder accounts from the data folder.',
}

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
    if (pepper instanceof Uint8Array) checkPepper(pepper, path.join(dataDir, PEPPER_COPY))
    return pepper
  } catch (cause) {
    throw pepperUnavailable(dataDir, cause)
  }
}

export function pepperUnavailable(dataDir: string, cause: unknown): AppError {
  if (!isDamage(cause)) return storeUnavailable(PEPPER_FILE, cause)
  const hasCopy = existsSync(path.join(dataDir, PEPPER_COPY))
  return new AppError({
    code: 'store_unavailable',
    message: `The file ${PEPPER_FILE} in the data folder is damaged or missing, so no API key can be checked.`,
    hint: hasCopy
      ? `Stop mcp-1688 and run ${KEYS_REPAIR.command}, which puts its copy back, ${PEPPER_COPY}.`
      : KEYS_REPAIR.otherwise,
    cause,
  })
}

/** @throws DamagedFile unless it is complete and equals its copy, which is made if missing. */
function checkPepper(pepper: Uint8Array, copy: string): void {
  if (pepper.length !== PEPPER_BYTES)
    throw new DamagedFile(`${PEPPER_FILE} has ${pepper.length} bytes, expected ${PEPPER_BYTES}`)
  const copied = readPepper(copy)
  if (copied === null) keepCopy(pepper, copy)
  else if (copied.length === PEPPER_BYTES && !timingSafeEqual(copied, pepper))
    throw new DamagedFile(`${PEPPER_FILE} differs from ${PEPPER_COPY}`)
}

/** A folder that cannot be written costs the copy only. */
function keepCopy(pepper: Uint8Array, copy: string): void {
  try {
    writeFileSync(copy, pepper, { mode: 0o600, flag: 'wx', flush: true })
  } catch {}
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
