/** Restores a damaged or missing ledger. A copy may be behind, so the user says how many credits are used. */
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { createCopier } from '../../../store/copies/copies.ts'
import { isSound, type Restored, restoreNewestCopy } from '../../../store/copies/restore.ts'
import { numberIn } from '../../../store/row.ts'
import type { Clock } from '../../../time/clock.ts'
import { UNKNOWN_ALLOWANCE } from '../allowance.ts'
import { creditPeriodStart } from '../credit-period.ts'
import { createSqliteLedger } from './ledger.ts'
import { openLedgerDatabase } from './ledger-file.ts'

export interface RestoredLedger extends Restored {
  /** Credits that the copy counts in the current period. */
  counted: number
}

export interface LedgerRestoration {
  file: string
  /** Credits used in the current period. */
  used: number
  creditResetDay: number | null
  clock: Clock
}

/** The ledgers of a folder, also those of which only copies are left. */
export function ledgersIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : []
  const stems = names.flatMap(name => /^(ledger-[0-9a-f]{16})(?:\.copy-.*)?\.db$/.exec(name)?.[1] ?? [])
  return [...new Set(stems)].map(stem => path.join(folder, `${stem}.db`))
}

export const isLedgerDamaged = (file: string): boolean => !isSound(file)

/** @throws AppError `store_unavailable` while a server has the ledger open, as far as that can be seen. */
export async function restoreLedger({ file, used, creditResetDay, clock }: LedgerRestoration): Promise<RestoredLedger> {
  const restored = restoreNewestCopy(file, clock.now())
  const database = openLedgerDatabase(file, false)
  const ledger = createSqliteLedger({ database, file, allowance: UNKNOWN_ALLOWANCE, clock })
  try {
    const since = creditPeriodStart(clock.now(), creditResetDay)
    const sum = database.prepare('SELECT total(credits) AS credits FROM calls WHERE called_at >= ?').get(since)
    const counted = numberIn(sum, 'credits')
    if (counted > used) database.prepare('UPDATE calls SET credits = 0 WHERE called_at >= ?').run(since)
    const missing = counted > used ? used : used - counted
    if (missing > 0) {
      const grant = await ledger.acquire(randomUUID(), missing)
      if (grant.granted) await ledger.settle(grant.callId, { kind: 'answered', headersAfterMs: 0, credits: missing })
    }
    createCopier({ database, file, now: clock.now }).changed()
    return { ...restored, counted }
  } finally {
    await ledger.close()
  }
}
