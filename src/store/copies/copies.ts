/** Copies of a SQLite file beside it. A copy is complete or absent. */
import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from '../../log.ts'
import type { SqliteDatabase } from '../sqlite.ts'

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

const DAY_MS = 86_400_000

/** After a failure, such as a full disk. */
const TRY_AGAIN_MS = 3_600_000

export interface Copier {
  /** Copies the file unless its newest copy is less than a day old. To be called often. */
  daily(): void
  /** Copies the file now, after a change that must not be lost or undone by a copy. */
  changed(): void
}

export interface CopierOptions {
  database: SqliteDatabase
  file: string
  /** Milliseconds since 1970. */
  now: () => number
  logger?: Logger | undefined
}

/** Makes copies of an open file. A failure is logged: the file itself still works. */
export function createCopier({ database, file, now, logger }: CopierOptions): Copier {
  let nextAt = Number.NEGATIVE_INFINITY
  const copy = (): void => {
    try {
      makeCopy(database, file, now())
      nextAt = now() + DAY_MS
    } catch (cause) {
      nextAt = now() + TRY_AGAIN_MS
      logger?.warn('a copy could not be made', { file: path.basename(file), cause })
    }
  }
  return {
    daily() {
      if (now() < nextAt) return
      const madeAt = copiedAt(file)
      if (madeAt === null || now() - madeAt >= DAY_MS) copy()
      else nextAt = madeAt + DAY_MS
    },
    changed: copy,
  }
}

function copiedAt(file: string): number | null {
  const [newest] = listCopies(file)
  return newest === undefined ? null : (statSync(newest, { throwIfNoEntry: false })?.mtimeMs ?? null)
}
