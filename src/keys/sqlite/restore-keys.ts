/** Puts the copies of damaged or missing files of the API keys back. */
import { copyFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { isSound, type Restored, restoreNewestCopy } from '../../store/copies/restore.ts'
import { identityOf, setAside } from '../../store/damage.ts'
import { numberIn } from '../../store/row.ts'
import { connect } from '../../store/sqlite.ts'
import { PEPPER_BYTES, PEPPER_COPY, PEPPER_FILE } from '../key-text.ts'
import { KEYS_FILE } from './key-store.ts'

export interface RestoredKeys {
  /** `null` if the file was sound. */
  database: Restored | null
  /** The name of the former pepper; `null` if there was none. `false`: it was sound, or has no copy. */
  pepper: string | null | false
}

/** @throws AppError `store_unavailable` while a server has the keys open. */
export function restoreKeys(dataDir: string, now: number): RestoredKeys {
  const file = path.join(dataDir, KEYS_FILE)
  const isLost = !isSound(file) || countKeys(file) === 0
  return { database: isLost ? restoreNewestCopy(file, now) : null, pepper: restorePepper(dataDir, now) }
}

function restorePepper(dataDir: string, now: number): RestoredKeys['pepper'] {
  const [file, copy] = [path.join(dataDir, PEPPER_FILE), path.join(dataDir, PEPPER_COPY)]
  const copied = bytesOf(copy)
  if (copied?.length !== PEPPER_BYTES || bytesOf(file)?.equals(copied)) return false
  const aside = setAside(file, identityOf(file), now)
  copyFileSync(copy, file)
  return aside
}

function bytesOf(file: string): Buffer | null {
  try {
    return readFileSync(file)
  } catch {
    return null
  }
}

/** 0 for a file that cannot be read. */
function countKeys(file: string): number {
  try {
    const database = connect(file)
    try {
      return numberIn(database.prepare('SELECT count(*) AS count FROM keys').get(), 'count')
    } finally {
      database.close()
    }
  } catch {
    return 0
  }
}
