/** Copies of a SQLite file beside it. A copy is complete or absent. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { SqliteDatabase } from './sqlite.ts'

/** Older copies are removed. */
const KEPT_COPIES = 3

/** The paths of a file's copies, newest first. */
export function listCopies(file: string): string[] {
  const { dir, name, ext } = path.parse(file)
  const isCopy = (entry: string) => entry.startsWith(`${name}.copy-`) && entry.endsWith(ext)
  try {
    const names = readdirSync(dir).filter(isCopy).toSorted().toReversed()
    return names.map(entry => path.join(dir, entry))
  } catch {
    return []
  }
}

/**
 * Writes all of an open database into a new file that only its owner can read. No connection has the new file open,
 * whereas a driver may keep one after `close`, with its log.
 */
export function writeInto(database: SqliteDatabase, file: string): void {
  rmSync(file, { force: true })
  // SQLite fills an empty file, which keeps the access that it was created with.
  const opened = openSync(file, 'wx', 0o600)
  try {
    database.prepare('VACUUM INTO ?').run(file)
    fsyncSync(opened)
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(opened)
  }
}

/** Copies an open file, page by page as it can be read. @throws what SQLite or the file system throws. */
export function makeCopy(database: SqliteDatabase, file: string, now: number): void {
  const { dir, name, ext } = path.parse(file)
  const date = new Date(now).toISOString().replaceAll(/[-:.]/g, '')
  const copy = path.join(dir, `${name}.copy-${date}${ext}`)
  const draft = `${copy}.part`
  writeInto(database, draft)
  renameSync(draft, copy)
  for (const old of listCopies(file).slice(KEPT_COPIES)) rmSync(old, { force: true })
}
