/** Damaged SQLite files: how they are recognised, and how one is set aside so that a new one can take its place. */
import { closeSync, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

/** Content that contradicts itself, or not a database at all. Extended result codes keep these in the low byte. */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** What `all()` of `@photostructure/sqlite` throws has no result code, only SQLite's words for it. */
const DAMAGE_WORDS = /^(database disk image is malformed|file is not a database)/

/** What {@link openSqlite} throws, as a cause, for a file that fails its check. */
export class DamagedFile extends Error {}

/** Whether an error of SQLite, or one that it caused, says that the file is damaged. */
export function isDamage(error: unknown): boolean {
  if (error instanceof DamagedFile) return true
  if (!(error instanceof Error)) return false
  const code = 'errcode' in error ? Number(error.errcode) & 0xff : 0
  const saysSo = code === SQLITE_CORRUPT || code === SQLITE_NOTADB || DAMAGE_WORDS.test(error.message)
  return saysSo || isDamage(error.cause)
}

/** Tells a file from a later one at the same path; `null` if there is none, or none can be seen. */
export function identityOf(file: string): string | null {
  try {
    const { dev, ino } = statSync(file, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

/**
 * Renames a damaged file, which no connection of this process may have open; other processes go on with the renamed
 * one until they meet the damage too.
 * @param identity of the damaged file, taken before it was opened.
 * @returns the new name, in the same folder; `null` if another process has replaced the file already.
 * @throws what renaming throws.
 */
export function setAside(file: string, identity: string | null, now: number): string | null {
  if (identityOf(file) !== identity || identity === null) return null
  const aside = freeName(...asideName(file, now))
  try {
    renameSync(file, aside)
  } catch (error) {
    rmSync(aside)
    throw error
  }
  // The log may hold pages that are not in the file yet.
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside}-wal`)
  rmSync(`${file}-shm`, { force: true })
  return path.basename(aside)
}

/** A name for a damaged file that nothing has yet. */
export function nameAside(file: string, now: number): string {
  const aside = freeName(...asideName(file, now))
  rmSync(aside)
  return aside
}

function asideName(file: string, now: number): [stem: string, ext: string] {
  const { dir, name, ext } = path.parse(file)
  const date = new Date(now).toISOString().replaceAll(/\.\d+|[-:]/g, '')
  return [path.join(dir, `${name}.damaged-${date}`), ext]
}

/** Creates the file, so that no other process takes the same name. */
function freeName(stem: string, ext: string): string {
  for (let attempt = 1; ; attempt++) {
    const file = attempt === 1 ? `${stem}${ext}` : `${stem}-${attempt}${ext}`
    try {
      closeSync(openSync(file, 'wx', 0o600))
      return file
    } catch (error) {
      if (!existsSync(file)) throw error
    }
  }
}
