/** Asks several upstreams in order until one can answer, and reports why those before it could not. */
import { AppError, asAppError, type ErrorCode, partsOf, throwIfAborted, withMoreCredits } from '../errors.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { CreditReport, Remark } from '../offers/results/results.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { Clock } from '../time/clock.ts'
import { limitTime } from '../time/deadline.ts'
import type { UpstreamCallOptions } from './metered-call.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** Failures that would be the same at every upstream. */
const NOT_THE_UPSTREAMS: ReadonlySet<ErrorCode> = new Set(['invalid_input', 'cancelled', 'internal', 'config_invalid'])

export const SAMPLE_SOURCE = 'sample'

/** No upstream: imported offers alone. */
export const OWN_SOURCE = 'own'

/** In the order in which they are asked. */
export type UpstreamClients = readonly [UpstreamClient, ...UpstreamClient[]]

export interface Answered<T> extends Fetched<T> {
  answeredBy: UpstreamClient
  /** Why the upstreams before it did not answer. */
  passedOver: Remark[]
}

export type Ask<T> = (upstream: UpstreamClient, call: UpstreamCallOptions) => Promise<Fetched<T>>

/**
 * Asks the upstreams one after another for the first fresh answer, else takes a stale one. After "not found", only free
 * upstreams are asked. Rejects with the AppError of the only upstream or, with several, one that says why each did not
 * answer; `creditsSpent` covers all of them.
 */
export type Failover = <T>(ask: Ask<T>, call: UpstreamCallOptions) => Promise<Answered<T>>

export function createFailover(upstreams: UpstreamClients, clock: Clock): Failover {
  return async <T>(ask: Ask<T>, call: UpstreamCallOptions): Promise<Answered<T>> => {
    const failures: UpstreamFailure[] = []
    let creditsSpent = 0
    let old: Omit<Answered<T>, 'passedOver'> | null = null
    for (const [index, upstream] of upstreams.entries()) {
      const isNotThere = failures.some(isGone)
      if (isNotThere && upstream.creditsPerCall > 0) continue
      try {
        const fetched = await inTime(upstream, index === upstreams.length - 1, ask, call)
        creditsSpent += fetched.creditsSpent
        if (fetched.staleBecause === null)
          return {
            ...fetched,
            answeredBy: upstream,
            creditsSpent,
            passedOver: failures.filter(isReported).map(toRemark),
          }
        old ??= { ...fetched, answeredBy: upstream }
        failures.push({ upstream: upstream.name, error: fetched.staleBecause })
      } catch (thrown) {
        throwIfAborted(call.signal, withMoreCredits(thrown, creditsSpent))
        const error = asAppError(thrown)
        if (NOT_THE_UPSTREAMS.has(error.code)) throw thrown
        creditsSpent += error.creditsSpent
        failures.push({ upstream: upstream.name, error })
      }
    }
    if (old === null) throw allFailed(failures, creditsSpent)
    const { name } = old.answeredBy
    const others = failures.filter(({ upstream }) => upstream !== name)
    return { ...old, creditsSpent, passedOver: others.map(toRemark) }
  }

  /** Every upstream but the last gets a share of the time and waits only briefly for its limits. */
  async function inTime<T>(
    upstream: UpstreamClient,
    isLast: boolean,
    ask: Ask<T>,
    call: UpstreamCallOptions,
  ): Promise<Fetched<T>> {
    if (isLast) return ask(upstream, call)
    const shareMs = CALL_BUDGET.upstreams.callerMs / upstreams.length
    const tooSlow = () => unanswered(upstream.name, shareMs)
    const share = limitTime(shareMs, call.signal, { reasonOf: tooSlow, setTimer: clock.setTimer })
    try {
      return await ask(upstream, { ...call, signal: share.signal, maxWaitMs: CALL_BUDGET.queueBeforeNext.callerMs })
    } catch (thrown) {
      if (!share.isOver() || (thrown instanceof AppError && thrown.isUnderWay)) throw thrown
      throw new AppError({ ...partsOf(tooSlow()), creditsSpent: asAppError(thrown).creditsSpent, cause: thrown })
    } finally {
      share.forget()
    }
  }
}

/** What every answer reports about its upstream. @param standing remarks on every answer. */
export async function creditsAndRemarks(
  { answeredBy, creditsSpent, passedOver, staleBecause }: Omit<Answered<unknown>, 'value' | 'retrievedAt'>,
  standing: readonly Remark[],
): Promise<{ credits: CreditReport; remarks: Remark[] }> {
  const remarks: Remark[] = [...standing, ...passedOver]
  if (staleBecause) {
    const { code, message, retryable } = staleBecause
    remarks.push({ kind: 'upstream_failed', code, message, hint: adviceOf(staleBecause), retryable })
  }
  if (answeredBy.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
  return { credits: { spent: creditsSpent, remaining: await answeredBy.creditsLeft() }, remarks }
}

interface UpstreamFailure {
  upstream: string
  error: AppError
}

/** Whether the offer does not exist anywhere; that the sample catalogue lacks it means nothing. */
function isGone({ upstream, error }: UpstreamFailure): boolean {
  return error.code === 'not_found' && upstream !== SAMPLE_SOURCE
}

/** That the sample catalogue lacks an offer is not worth reporting. */
function isReported({ upstream, error }: UpstreamFailure): boolean {
  return upstream !== SAMPLE_SOURCE || error.code !== 'not_found'
}

function toRemark({ upstream, error }: UpstreamFailure): Remark {
  return { kind: 'passed_over', upstream, code: error.code, message: error.message, hint: adviceOf(error) }
}

/** The hint for a failure reported with an answer; what still works without the upstream is not repeated. */
export function adviceOf({ code, hint, retryAfterMs }: AppError): string {
  if (code === 'credits_exhausted') return ''
  if (code !== 'rate_limited' || retryAfterMs === undefined) return hint
  return `It can be asked again in ${Math.ceil(retryAfterMs / 1000)} s.`
}

/** One error for all: with the code of the first, and retryable as soon as any of them is. */
function allFailed(failures: readonly UpstreamFailure[], creditsSpent: number): AppError {
  const notThere = failures.find(isGone)
  const first = (notThere ?? failures[0])?.error
  if (first === undefined) throw new Error('no upstream was asked')
  if (failures.length === 1 || notThere) return new AppError({ ...partsOf(first), creditsSpent, cause: first })
  const waits = failures.flatMap(({ error }) => error.retryAfterMs ?? [])
  return new AppError({
    code: first.code,
    message: `No upstream could answer. ${failures.map(({ upstream, error }) => `${upstream}: ${error.message} ${adviceOf(error)}`.trimEnd()).join(' ')}`,
    hint: 'Fixing any one of them is enough.',
    retryable: failures.some(({ error }) => error.retryable),
    retryAfterMs: waits.length === 0 ? undefined : Math.min(...waits),
    creditsSpent,
    cause: first,
  })
}

function unanswered(upstream: string, shareMs: number): AppError {
  return new AppError({
    code: 'upstream_unavailable',
    message: `${upstream} did not answer within ${Math.round(shareMs / 1000)} s.`,
    hint: 'Try again later; cached answers are still available.',
    retryable: true,
  })
}
