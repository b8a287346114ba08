/** Puts the newest sound copy of a SQLite file in its place. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { AppError } from '../../errors.ts'
import { identityOf, setAside } from '../damage.ts'
import { textIn } from '../row.ts'
import { connect, isBusy } from '../sqlite.ts'
import { listCopies } from './copies.ts'

export interface Restored {
  /** The name of the copy; `null` if there was no sound one, and the file is gone. */
  copy: string | null
  /** What the former file is called now; `null` if there was none. */
  aside: string | null
}

/**
 * The former file is set aside, with its log.
 * @throws AppError `store_unavailable` while another process has the file open, as far as that can be seen; what the
 * file system throws.
 */
export function restoreNewestCopy(file: string, now: number): Restored {
  refuseInUse(file)
  const draft = `${file}.restoring-${process.pid}`
  const copy = listCopies(file).find(each => isSoundCopy(each, draft)) ?? null
  const aside = setAside(file, identityOf(file), now)
  for (const end of ['-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
  if (copy !== null) renameSync(draft, file)
  return { copy: copy && path.basename(copy), aside }
}

/** What was done, for the person at the terminal. */
export function restoredText(file: string, { copy, aside }: Restored): string {
  const name = path.basename(file)
  const kept = aside === null ? '' : ` The former file is now ${aside}.`
  return copy === null ? `There is no sound copy of ${name}.${kept}` : `${name} was restored from ${copy}.${kept}`
}

/** Leaves what it read in `draft`, since opening a file may change it. */
function isSoundCopy(copy: string, draft: string): boolean {
  copyFileSync(copy, draft)
  chmodSync(draft, 0o600)
  if (isSound(draft)) return true
  rmSync(draft, { force: true })
  return false
}

/** Whether a file exists and can be read completely. */
export function isSound(file: string): boolean {
  try {
    if (!statSync(file).size) return false
    const database = connect(file)
    try {
      return textIn(database.prepare('PRAGMA integrity_check(1)').get(), 'integrity_check') === 'ok'
    } finally {
      database.close()
    }
  } catch (error) {
    return isBusy(error)
  }
}

function refuseInUse(file: string): void {
  if (!isOpenElsewhere(file)) return
  throw new AppError({
    code: 'store_unavailable',
    message: `${path.basename(file)} is in use by another process of mcp-1688.`,
    hint: 'Stop the servers and hosts that run mcp-1688 with this data folder, then run the command again.',
    retryable: true,
  })
}

/** On Linux only, and only processes of the same user. */
function isOpenElsewhere(file: string): boolean {
  if (process.platform !== 'linux' || !existsSync(file)) return false
  const wanted = realpathSync(file)
  const others = readdirSync('/proc').filter(name => /^\d+$/.test(name) && name !== String(process.pid))
  return others.some(pid => openFilesOf(pid).includes(wanted))
}

function openFilesOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`
  try {
    return readdirSync(folder).flatMap(name => {
      try {
        return [readlinkSync(path.join(folder, name))]
      } catch {
        return []
      }
    })
  } catch {
    return []
  }
}
