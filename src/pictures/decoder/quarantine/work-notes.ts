/**
 * Notes on disk of the pictures under work, written before the work. What a server leaves behind when it dies may have
 * killed it.
 */
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { hasCode } from '../../../errors.ts'
import type { Logger } from '../../../log.ts'
import { makeDataDir } from '../../../store/data-dir.ts'
import type { Owner } from '../processes/jobs.ts'

export interface NotedPicture {
  readonly sha256: string
  readonly owner: Owner
  /** Whether an earlier server died with it as well. */
  readonly wasSuspect: boolean
}

export interface WorkNotes {
  /** Replaces the note. */
  write(pictures: readonly NotedPicture[]): void
  /** What dead servers left, once: the notes are removed. */
  takeLeft(): NotedPicture[]
  close(): void
}

export interface WorkNotesOptions {
  /** `null`: nothing is noted. */
  folder: string | null
  logger?: Logger | undefined
}

/** An unwritable folder costs the notes only. */
export function createWorkNotes({ folder, logger }: WorkNotesOptions): WorkNotes {
  const name = `${process.pid}-${randomUUID()}.json`
  let isUnwritable = folder === null
  let open: number | undefined
  let length = 0
  const attempt = (work: (folder: string) => void) => {
    if (folder === null || isUnwritable) return
    try {
      work(folder)
    } catch (cause) {
      isUnwritable = true
      logger?.warn('pictures under work cannot be noted on disk', { folder, cause })
    }
  }
  return {
    write: pictures =>
      attempt(folder => {
        if (open === undefined) {
          makeDataDir(folder)
          open = openSync(path.join(folder, name), 'w', 0o600)
        }
        // In place, and spaces over what was longer: to cut the file off would block the server for some 3 ms.
        const text = JSON.stringify(pictures).padEnd(length)
        writeSync(open, text, 0)
        length = text.length
      }),
    takeLeft() {
      const left: NotedPicture[] = []
      attempt(folder => {
        if (!existsSync(folder)) return
        for (const file of readdirSync(folder)) {
          if (file === name || isAlive(Number.parseInt(file, 10))) continue
          left.push(...readNote(path.join(folder, file)))
          rmSync(path.join(folder, file), { force: true })
        }
      })
      return left
    },
    close: () =>
      attempt(folder => {
        if (open === undefined) return
        closeSync(open)
        open = undefined
        rmSync(path.join(folder, name), { force: true })
      }),
  }
}

/** In a container every server has the same number, so a note with our own is of an earlier one. */
function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // It lives, as another user.
    return hasCode(error, 'EPERM')
  }
}

/** A note that was cut off names nothing. */
function readNote(file: string): NotedPicture[] {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(value) ? value.filter(isNotedPicture) : []
  } catch {
    return []
  }
}

function isNotedPicture(value: unknown): value is NotedPicture {
  if (typeof value !== 'object' || value === null) return false
  if (!('sha256' in value && 'owner' in value && 'wasSuspect' in value)) return false
  const isOwner = value.owner === 'caller' || value.owner === 'listing'
  return isOwner && typeof value.sha256 === 'string' && typeof value.wasSuspect === 'boolean'
}
