/** Admits paid calls one by one: first a permit, then a turn, then the ledger's grant. */
import { randomUUID } from 'node:crypto'
import { isStoreUnavailable, throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'
import { isDamage } from '../../store/damage.ts'
import { type Clock, sleep } from '../../time/clock.ts'
import type { Plan } from '../ledger/allowance.ts'
import { type Ledger, LONGEST_SLOT_MS, type Refusal } from '../ledger/ledger.ts'
import { refusalError } from '../ledger/refusal.ts'
import { type CallReport, creditsSpentBy, outcomeOf } from './call-report.ts'
import { createLonePace, createSmoothingPace } from './pace.ts'
import type { Patience } from './patience.ts'
import { createPermits } from './permits.ts'

/** How often a waiting call asks the ledger again, which drops it from the queue after 5 s of silence. */
const HEARTBEAT_MS = 2_000

export interface AdmissionOptions {
  plan: Plan
  /** Called when the ledger is first needed. */
  openLedger: () => Ledger
  /** While the ledger is unavailable, `closed` refuses every call and `open` paces them within this process. */
  mode: 'closed' | 'open'
  /** Concurrent calls; no more than the HTTP client has connections, or a granted call would wait and arrive late. */
  connections: number
  clock: Clock
  logger: Logger
}

/** Permission to make one call now. */
export interface Pass {
  /** Ends the call. Never rejects. @returns the credits it cost. */
  settle(report: CallReport): Promise<number>
}

export interface Admission {
  /**
   * Spends nothing when it rejects.
   * @throws AppError `rate_limited`, `credits_exhausted`, `store_unavailable` (mode `closed`), or the abort reason.
   */
  enter(credits: number, patience: Patience): Promise<Pass>
  /** `null` while degraded. @throws AppError `store_unavailable` (mode `closed`). */
  usage(): Promise<LedgerUsage | null>
  /** Whether calls go out without the ledger: credits are not counted and other processes are ignored. */
  readonly degraded: boolean
  close(): Promise<void>
}

export function createAdmission(options: AdmissionOptions): Admission {
  const { plan, mode, clock, logger } = options
  const permits = createPermits(options.connections)
  const smoothing = createSmoothingPace(plan.allowance.callsPerMinute, clock)
  const alone = createLonePace(plan.allowance.callsPerMinute, clock)
  let ledger: Ledger | undefined
  let ledgerAgainAt = Number.NEGATIVE_INFINITY
  let blockedUntil = Number.NEGATIVE_INFINITY

  function openedLedger(): Ledger {
    ledger ??= options.openLedger()
    return ledger
  }

  const isDegraded = (): boolean => clock.monotonic() < ledgerAgainAt

  /** Rethrows `error` unless calls may go out without a ledger; never without a damaged one, which knows of credits. */
  function goWithoutLedger(error: unknown): void {
    if (mode === 'closed' || isDamage(error) || !isStoreUnavailable(error)) throw error
    if (!isDegraded()) logger.warn('the ledger is unavailable: calls are paced within this process only', { error })
    ledgerAgainAt = clock.monotonic() + LONGEST_SLOT_MS
  }

  /** No call waits for the month to end, or longer than its patience lasts. */
  function expectOrRefuse(reason: Refusal['reason'], retryAfterMs: number, patience: Patience): void {
    if (reason === 'credits' || retryAfterMs > patience.leftMs()) {
      throw refusalError(plan, { reason, retryAfterMs }, clock.now())
    }
    patience.expect(retryAfterMs)
  }

  async function grant(credits: number, patience: Patience): Promise<(report: CallReport) => Promise<void>> {
    if (!isDegraded()) {
      try {
        return await grantByLedger(openedLedger(), credits, patience)
      } catch (error) {
        goWithoutLedger(error)
      }
    }
    return grantAlone(patience)
  }

  async function grantByLedger(opened: Ledger, credits: number, patience: Patience) {
    await smoothing?.turn(patience.signal)
    const ticket = randomUUID()
    try {
      for (;;) {
        const askedAt = clock.monotonic()
        const answer = await opened.acquire(ticket, credits)
        if (answer.granted) return (report: CallReport) => opened.settle(answer.callId, outcomeOf(report, askedAt))
        expectOrRefuse(answer.reason, answer.retryAfterMs, patience)
        await sleep(clock, Math.min(answer.retryAfterMs, HEARTBEAT_MS), patience.signal)
      }
    } catch (error) {
      // Not awaited: if it fails, the ledger drops the ticket after 5 s anyway.
      opened.leave(ticket).catch(() => undefined)
      throw error
    }
  }

  async function grantAlone(patience: Patience) {
    const blockedMs = blockedUntil - clock.monotonic()
    if (blockedMs > 0) {
      expectOrRefuse('blocked', blockedMs, patience)
      await sleep(clock, blockedMs, patience.signal)
    }
    const turnMs = alone?.expectedMs() ?? 0
    if (turnMs > 0) expectOrRefuse('rate', turnMs, patience)
    await alone?.turn(patience.signal)
    const leftAt = clock.monotonic()
    // The ledger does not know about this call, so it must not grant others before the call's slot has ended.
    ledgerAgainAt = leftAt + LONGEST_SLOT_MS
    return async (report: CallReport): Promise<void> => {
      const outcome = outcomeOf(report, leftAt)
      if (outcome.kind === 'limited') blockedUntil = Math.max(blockedUntil, clock.monotonic() + outcome.retryAfterMs)
    }
  }

  return {
    async enter(credits, patience) {
      const giveBack = await permits.take(patience.signal)
      try {
        const settleGrant = await grant(credits, patience)
        const settle = async (report: CallReport): Promise<number> => {
          giveBack()
          await settleGrant(report).catch(error => {
            logger.warn('a call could not be settled; its credits count as spent', { error })
          })
          return creditsSpentBy(report, credits)
        }
        if (patience.signal.aborted) await settle({ kind: 'not_sent' })
        throwIfAborted(patience.signal)
        return { settle }
      } catch (error) {
        giveBack()
        throw error
      }
    },
    async usage() {
      if (isDegraded()) return null
      try {
        return await openedLedger().usage()
      } catch (error) {
        goWithoutLedger(error)
        return null
      }
    },
    get degraded() {
      return isDegraded()
    },
    async close() {
      smoothing?.close()
      alone?.close()
      await ledger?.close()
    },
  }
}
