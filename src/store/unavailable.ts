/** One error for every failure of a file: what is wrong with which file, and what to do. */
import path from 'node:path'
import { AppError } from '../errors.ts'
import { listCopies } from './copies/copies.ts'
import { isDamage } from './damage.ts'

/** Written by a later version, which may store what this one would lose. */
export class NewerFile extends Error {}

/** A folder, a socket or a link to nothing in place of the file. */
export class NoFile extends Error {}

type Reason = readonly [what: string, hint: string]

const DISK_FULL: Reason = ['cannot be written: the disk is full', 'Make room on the disk, then try again.']
const READ_ONLY: Reason = [
  'is read-only',
  'Make the file and its folder writable, or name another folder with MCP1688_DATA_DIR.',
]
const NO_ACCESS: Reason = [
  'may not be opened by this user',
  'Give the user that runs mcp-1688 access to the file and its folder, or name another folder with MCP1688_DATA_DIR.',
]
const UNKNOWN: Reason = [
  'cannot be used',
  'Check that the folder is writable and the disk is not full, or name another one with MCP1688_DATA_DIR.',
]

/** By the system's error code. */
const SYSTEM_REASONS: ReadonlyMap<string, Reason> = new Map([
  ['ENOSPC', DISK_FULL],
  ['EDQUOT', DISK_FULL],
  ['EROFS', READ_ONLY],
  ['EACCES', NO_ACCESS],
  ['EPERM', NO_ACCESS],
])

/** By SQLite's result code, or its words, since what `all()` of `@photostructure/sqlite` throws has no code. */
const SQLITE_REASONS: readonly (readonly [code: number, words: RegExp, reason: Reason])[] = [
  [
    5,
    /^database is locked/,
    [
      'is locked by another program',
      'Close the program that holds it, such as a backup or a database browser, then try again.',
    ],
  ],
  [8, /^attempt to write a readonly database/, READ_ONLY],
  [13, /^database or disk is full/, DISK_FULL],
]

/** How to get a damaged file back. */
export interface Repair {
  /** The command that puts its newest copy back. */
  command: string
  /** What to do if there is no copy. */
  otherwise: string
}

/** @param file its path, beside which copies of it are looked for, or its name alone. */
export function storeUnavailable(file: string, cause: unknown, repair: Repair | null = null): AppError {
  const name = path.basename(file)
  if (isDamage(cause)) return fileDamaged(file, cause, repair)
  const [what, hint] = reasonOf(cause)
  return new AppError({
    code: 'store_unavailable',
    message: `The file ${name} in the data folder ${what}.`,
    hint,
    retryable: true,
    cause,
  })
}

const START_ANEW = 'Restore it from a backup, or move it to another folder: mcp-1688 then starts with an empty one.'

function fileDamaged(file: string, cause: unknown, repair: Repair | null): AppError {
  const copy = newestCopyName(file)
  const hint =
    repair === null || copy === null
      ? (repair?.otherwise ?? START_ANEW)
      : `Stop mcp-1688 and run ${repair.command}, which puts its newest copy back, ${copy}.`
  return new AppError({
    code: 'store_unavailable',
    message: `The file ${path.basename(file)} in the data folder is damaged.`,
    hint,
    cause,
  })
}

/** `null` if there is none. */
export function newestCopyName(file: string): string | null {
  const [newest] = listCopies(file)
  return newest === undefined ? null : path.basename(newest)
}

/** Whether nothing more can be written, while what is there can be read. */
export function isDiskFull(error: unknown): boolean {
  return reasonOf(error) === DISK_FULL
}

function reasonOf(error: unknown): Reason {
  if (!(error instanceof Error)) return UNKNOWN
  if (error instanceof NewerFile)
    return ['was written by a newer version of mcp-1688', 'Run that version or a newer one.']
  if (error instanceof NoFile)
    return ['is not a file', 'Move what has its name out of the data folder; mcp-1688 then makes a new one.']
  const system = 'code' in error ? SYSTEM_REASONS.get(String(error.code)) : undefined
  if (system) return system
  const code = 'errcode' in error ? Number(error.errcode) & 0xff : null
  const found = SQLITE_REASONS.find(([known, words]) => known === code || words.test(error.message))
  return found?.[2] ?? (error.cause === undefined ? UNKNOWN : reasonOf(error.cause))
}
