/** Lets one paid call out: a permit, then a turn, then the ledger's grant, in this order. */
import { randomUUID } from 'node:crypto'
import { AppError, throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import type { LedgerUsage } from '../../offers/results/usage.ts'
import { type Clock, sleep } from '../../time/clock.ts'
import { type Ledger, LONGEST_SLOT_MS, type Refusal } from '../ledger/ledger.ts'
import { type Plan, refusalError } from '../ledger/refusal.ts'
import { type CallReport, creditsSpentBy, outcomeOf } from './call-report.ts'
import { createLonePace, createSmoothingPace } from './pace.ts'
import type { Patience } from './patience.ts'
import { createPermits } from './permits.ts'

/** How often a waiting call shows the ledger that it still waits; the ledger forgets it after 5 s. */
const HEARTBEAT_MS = 2_000

export interface AdmissionOptions {
  plan: Plan
  /** Opens the key's ledger; called at the first need. */
  openLedger: () => Ledger
  /** Where the ledger cannot be used: `closed` refuses every call, `open` paces them in this process alone. */
  mode: 'closed' | 'open'
  /** Calls on the wire at once; no more than the HTTP client has connections, or a granted call would wait and arrive late. */
  connections: number
  clock: Clock
  logger: Logger
}

/** The right to make one call now. */
export interface Pass {
  /** Ends the call. Never rejects. @returns the credits that it cost. */
  settle(report: CallReport): Promise<number>
}

/** The door that every paid call of a key goes through. */
export interface Admission {
  /**
   * @throws AppError `rate_limited`, `credits_exhausted`, `store_unavailable` (mode `closed`), or what `patience.signal` aborts with; then nothing was spent.
   */
  enter(credits: number, patience: Patience): Promise<Pass>
  /** `null` while degraded. @throws AppError `store_unavailable` (mode `closed`). */
  usage(): Promise<LedgerUsage | null>
  /** Whether calls go out without the ledger: credits are not counted, and other processes not seen. */
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

  /** @throws `error` again unless calls may go out without a ledger. */
  function goWithoutLedger(error: unknown): void {
    if (mode === 'closed' || !(error instanceof AppError) || error.code !== 'store_unavailable') throw error
    if (!isDegraded()) logger.warn('the ledger cannot be used: calls are paced in this process alone', { error })
    ledgerAgainAt = clock.monotonic() + LONGEST_SLOT_MS
  }

  /** Nobody waits for a month's end, or longer than their patience lasts. */
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

  async function grantByLedger(book: Ledger, credits: number, patience: Patience) {
    await smoothing?.turn(patience.signal)
    const ticket = randomUUID()
    try {
      for (;;) {
        const askedAt = clock.monotonic()
        const answer = await book.acquire(ticket, credits)
        if (answer.granted) return (report: CallReport) => book.settle(answer.callId, outcomeOf(report, askedAt))
        expectOrRefuse(answer.reason, answer.retryAfterMs, patience)
        await sleep(clock, Math.min(answer.retryAfterMs, HEARTBEAT_MS), patience.signal)
      }
    } catch (error) {
      // Nobody waits for this: where it fails, the ledger forgets the ticket after 5 s.
      book.leave(ticket).catch(() => undefined)
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
    // The ledger did not see this call: it is asked again when the call's slot is over.
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
        const book = await grant(credits, patience)
        const settle = async (report: CallReport): Promise<number> => {
          giveBack()
          await book(report).catch(error => {
            logger.warn('a call could not be settled and counts as spent', { error })
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
