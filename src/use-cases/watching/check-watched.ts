/**
 * Reads watched offers and searches again, the longest unread first, as far as credits and time allow, and reports what
 * has changed. Each reading is kept before the next begins, so that a check that ends early goes on where it was.
 */
import { type AppError, asAppError, throwIfAborted } from '../../errors.ts'
import type { WatchStore } from '../../history/watch-store.ts'
import type { Remark, TakeRemarks } from '../../offers/results/results.ts'
import type { CheckResult } from '../../offers/results/watch-result.ts'
import { changesBetween, mergeState, type Watched } from '../../offers/watched.ts'
import { NO_DEADLINE_MS } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions, Payer } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import type { UpstreamCallOptions } from '../../upstream-calls/metered-call.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import { createReadWatched, type ReadWatchedDeps } from './read-watched.ts'

export interface CheckRequest {
  /** The most credits to spend. */
  maxCredits: number
  /** What was read less than this many milliseconds ago is not read again. */
  minAgeMs: number
  /** Milliseconds after which the call stops and reports its progress; `null`: no limit. */
  budgetMs: number | null
  /** Of how many offers and searches the changes are reported, the rest by the next check. Default: all. */
  maxReported?: number
}

export interface CheckDeps extends ReadWatchedDeps {
  watches: WatchStore
  owner: string
  upstreams: UpstreamClients
  takeRemarks: TakeRemarks
  now: () => number
}

/** Read at the same time: enough for 250 calls a minute that take a second each. */
const READERS = 4

/** After so many refusals of one reading for the rate, the upstream means more than its rate. */
const MAX_REFUSALS = 5

interface Progress {
  checked: number
  spent: number
  failures: CheckResult['failures']
  stoppedBecause: AppError | null
  isOutOfCredits: boolean
  remarks: Remark[]
}

export function createCheckWatched(deps: CheckDeps) {
  const { watches, owner, upstreams, takeRemarks, now } = deps
  const [first] = upstreams
  const readWatched = createReadWatched(deps)

  return async function checkWatched(request: CheckRequest, call: CallOptions): Promise<CheckResult> {
    const all = await watches.list(owner)
    const due = all.filter(each => isDue(each, request)).toSorted(longestUnreadFirst)
    const progress: Progress = {
      checked: 0,
      spent: 0,
      failures: [],
      stoppedBecause: null,
      isOutOfCredits: false,
      remarks: [],
    }
    const { budgetMs } = request
    if (budgetMs === null) await readAll(due, request, progress, call, call.signal)
    else await withinTime(budgetMs, call.signal, signal => readAll(due, request, progress, call, signal))
    const after = await watches.list(owner)
    const left = due.length - progress.checked - progress.failures.length
    const changed = after.filter(({ news }) => news.length > 0)
    const news = changed.slice(0, request.maxReported)
    // Last, so that a check that is killed leaves its changes to the next one.
    await watches.clearNews(owner, news)
    return {
      watched: after.length,
      checked: progress.checked,
      left,
      nextDueAt: left > 0 ? null : nextDueAt(after, request),
      changes: news.map(({ kind, target, news: changes }) => ({ kind, target, changes })),
      unreported: changed.length - news.length,
      failures: progress.failures,
      stoppedBecause: progress.stoppedBecause,
      isOutOfCredits: progress.isOutOfCredits,
      credits: { spent: progress.spent, remaining: await first.creditsLeft() },
      remarks: withoutRepeats([...takeRemarks(), ...progress.remarks]),
    }
  }

  function isDue({ checkedAt }: Watched, { minAgeMs }: CheckRequest): boolean {
    return checkedAt === null || Math.abs(now() - checkedAt) >= minAgeMs
  }

  async function readAll(
    due: readonly Watched[],
    request: CheckRequest,
    progress: Progress,
    call: CallOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const endsAt = now() + (request.budgetMs ?? NO_DEADLINE_MS)
    const waiting = due.values()
    const payer = limitedPayer(request.maxCredits, call.payer, () => {
      progress.isOutOfCredits = true
    })
    let done = 0
    const reader = async (): Promise<void> => {
      for (const watched of waiting) {
        if (signal.aborted || progress.stoppedBecause !== null || progress.isOutOfCredits) return
        const onProgress = ({ message }: { message: string }) => call.onProgress?.({ done, total: due.length, message })
        const own: UpstreamCallOptions = { ...call, signal, payer, onProgress, maxWaitMs: Math.max(0, endsAt - now()) }
        await readPatiently(watched, request, progress, own, endsAt)
        done += 1
        onProgress({ message: `${done} of ${due.length} read` })
      }
    }
    await Promise.all(Array.from({ length: READERS }, reader))
    throwIfAborted(call.signal)
  }

  /** Tries again what was refused for the rate: the next attempt waits until the gate lets it pass. */
  async function readPatiently(
    watched: Watched,
    request: CheckRequest,
    progress: Progress,
    call: UpstreamCallOptions,
    endsAt: number,
  ): Promise<void> {
    for (let refusals = 1; ; refusals++) {
      const error = await readOne(watched, request, progress, call)
      if (error === null || call.signal.aborted || progress.isOutOfCredits) return
      const isWorthWaiting = error.code === 'rate_limited' && now() + (error.retryAfterMs ?? 0) < endsAt
      if (isWorthWaiting && refusals < MAX_REFUSALS) continue
      if (endsCheck(error)) progress.stoppedBecause ??= error
      else progress.failures.push({ kind: watched.kind, target: watched.target, error })
      return
    }
  }

  /** @returns why it was not read. */
  async function readOne(
    watched: Watched,
    { minAgeMs }: CheckRequest,
    progress: Progress,
    call: UpstreamCallOptions,
  ): Promise<AppError | null> {
    try {
      const { state: later, retrievedAt, creditsSpent, remarks } = await readWatched(watched, minAgeMs, call)
      progress.spent += creditsSpent
      progress.remarks.push(...remarks)
      const { kind, target, state, news } = watched
      const changes = [...news, ...changesBetween(state, later, watched)]
      await watches.putCheck(owner, {
        kind,
        target,
        checkedAt: retrievedAt,
        state: mergeState(state, later),
        news: changes,
      })
      progress.checked += 1
      return null
    } catch (thrown) {
      const error = asAppError(thrown)
      if (error.code === 'internal' || error.code === 'store_unavailable') throw thrown
      progress.spent += error.creditsSpent
      return error
    }
  }
}

/** @param onRefused called when the call's own limit is reached, rather than the account's. */
function limitedPayer(maxCredits: number, payer: Payer | undefined, onRefused: () => void): Payer {
  let reserved = 0
  const limited = limitCredits(maxCredits, payer)
  return {
    async reserve(credits) {
      if (reserved + credits > maxCredits) onRefused()
      else reserved += credits
      await limited.reserve(credits)
    },
    sent: limited.sent,
  }
}

/** Whether the next reading would fail the same way. */
function endsCheck({ code, ofOneItem }: AppError): boolean {
  return !ofOneItem && code !== 'invalid_input' && code !== 'not_found' && !code.startsWith('picture_')
}

function longestUnreadFirst(a: Watched, b: Watched): number {
  return (a.checkedAt ?? 0) - (b.checkedAt ?? 0)
}

function nextDueAt(all: readonly Watched[], { minAgeMs }: CheckRequest): number | null {
  const times = all.flatMap(({ checkedAt }) => checkedAt ?? [])
  return times.length === 0 ? null : Math.min(...times) + minAgeMs
}

function withoutRepeats(remarks: readonly Remark[]): Remark[] {
  return [...new Map(remarks.map(remark => [JSON.stringify(remark), remark])).values()]
}
