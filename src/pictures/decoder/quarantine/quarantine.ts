/**
 * Pictures that are not decoded again, by the hash of their file, because they ended a decoder process. A listing's is
 * quarantined on disk at its second such end; a caller's own in memory only, at the first, for ten minutes.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from '../../../log.ts'
import { makeDataDir } from '../../../store/data-dir.ts'
import type { Owner } from '../processes/jobs.ts'

/** Why a process ended: it took too much memory or processor time, crashed, or took the server with it. */
export type Reason = 'memory' | 'processor' | 'crash' | 'server'

const REASONS: readonly string[] = ['memory', 'processor', 'crash', 'server']

export const ENDS_ALLOWED_TO_A_LISTING = 1
const CALLERS_OWN_MS = 10 * 60_000

/** Some 100 bytes each. Further ones are kept in memory only. */
const MAX_KEPT = 1_000

export interface Quarantine {
  /** Why a picture is not to be decoded; `null` if it may be. */
  reasonFor(sha256: string): Reason | null
  /** Counts an end that is blamed on a picture. */
  record(sha256: string, owner: Owner, reason: Reason): void
  /** Pictures in quarantine. */
  count(): number
}

export interface QuarantineOptions {
  /** Created at the first entry. `null`: nothing is kept. */
  folder: string | null
  now: () => number
  logger?: Logger | undefined
}

interface Entry {
  readonly ends: number
  readonly reason: Reason
  /** `null` for a listing's picture. */
  readonly until: number | null
}

/** Reads the folder at the first question. */
export function createQuarantine({ folder, now, logger }: QuarantineOptions): Quarantine {
  let known: Map<string, Entry> | undefined
  const entries = () => {
    known ??= folder === null ? new Map() : readFolder(folder)
    return known
  }
  const isHeld = ({ ends, until }: Entry) => (until === null ? ends > ENDS_ALLOWED_TO_A_LISTING : until > now())

  const keep = (sha256: string, entry: Entry) => {
    if (folder === null || entries().size > MAX_KEPT) return
    try {
      makeDataDir(folder)
      writeFileSync(fileOf(folder, sha256), JSON.stringify({ ends: entry.ends, reason: entry.reason }))
    } catch (cause) {
      logger?.warn('a picture in quarantine could not be written to disk', { sha256, cause })
    }
  }
  /** Another process may have lifted it. */
  const isLifted = (sha256: string, { until }: Entry) =>
    until === null && folder !== null && entries().size <= MAX_KEPT && !existsSync(fileOf(folder, sha256))

  return {
    reasonFor(sha256) {
      const entry = entries().get(sha256)
      if (!entry || !isHeld(entry)) return null
      if (!isLifted(sha256, entry)) return entry.reason
      entries().delete(sha256)
      return null
    },
    record(sha256, owner, reason) {
      const entry: Entry = {
        ends: (entries().get(sha256)?.ends ?? 0) + 1,
        reason,
        until: owner === 'caller' ? now() + CALLERS_OWN_MS : null,
      }
      entries().set(sha256, entry)
      if (owner === 'listing') keep(sha256, entry)
      logger?.warn('a picture ended a decoder process', { sha256, owner, reason, isQuarantined: isHeld(entry) })
    },
    count: () => [...entries().values()].filter(isHeld).length,
  }
}

/** @returns how many pictures may be tried again. */
export function liftQuarantine(folder: string): number {
  const kept = [...readFolder(folder)]
  for (const [sha256] of kept) rmSync(fileOf(folder, sha256), { force: true })
  return kept.filter(([, { ends }]) => ends > ENDS_ALLOWED_TO_A_LISTING).length
}

function fileOf(folder: string, sha256: string): string {
  return path.join(folder, `${sha256}.json`)
}

function readFolder(folder: string): Map<string, Entry> {
  const names = existsSync(folder) ? readdirSync(folder).filter(name => /^[0-9a-f]{64}\.json$/.test(name)) : []
  return new Map(
    names.slice(0, MAX_KEPT).flatMap(name => {
      const entry = readEntry(path.join(folder, name))
      return entry ? [[name.slice(0, 64), entry] as const] : []
    }),
  )
}

/** A file that was cut off is not an entry. */
function readEntry(file: string): Entry | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof value !== 'object' || value === null || !('ends' in value) || !('reason' in value)) return null
    const { ends, reason } = value
    return typeof ends === 'number' && isReason(reason) ? { ends, reason, until: null } : null
  } catch {
    return null
  }
}

function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && REASONS.includes(value)
}
