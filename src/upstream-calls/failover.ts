/** Owns asking several upstreams for one thing: the first that can answer, and why those before it could not. */
import { AppError, asAppError, type ErrorCode, partsOf, throwIfAborted, withMoreCredits } from '../errors.ts'
import type { CreditReport, Remark } from '../offers/results/results.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { Clock } from '../time/clock.ts'
import { limitTime } from '../time/deadline.ts'
import type { Mirror } from './index-mirror.ts'
import type { ClientCall } from './metered-call.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** Failures that no other upstream could mend. */
const NOT_THE_UPSTREAMS: ReadonlySet<ErrorCode> = new Set(['invalid_input', 'cancelled', 'internal', 'config_invalid'])

/** The upstream whose offers are made up. */
export const SAMPLE_SOURCE = 'sample'

/** An upstream and, where it has an index, the local copy of that. */
export interface Source {
  client: UpstreamClient
  mirror: Mirror | null
}

/** The sources that are configured, in the order in which they are asked. */
export type Sources = readonly [Source, ...Source[]]

/** What one source gave. */
export interface Gift<T> {
  value: T
  creditsSpent: number
  /** Why this is an old answer; `null` for a fresh one. */
  staleBecause: AppError | null
}

/** What came of asking. */
export interface Answered<T> extends Gift<T> {
  source: Source
  /** Why those before it did not answer. */
  passedOver: Remark[]
}

/** Asks one source. */
export type Ask<T> = (source: Source, call: ClientCall) => Promise<Gift<T>>

/**
 * Asks the sources one after another: for the first fresh answer, or an old one where there is none. That something is not there is an answer,
 * too: only sources that cost nothing are asked after it. Throws the AppError of the one source or, of several, one that says why each did
 * not answer; `creditsSpent` is what all of them cost.
 */
export type Failover = <T>(ask: Ask<T>, call: ClientCall) => Promise<Answered<T>>

/** Makes it. */
export function createFailover(sources: Sources, clock: Clock): Failover {
  return async (ask, call) => {
    const failures: Failure[] = []
    let creditsSpent = 0
    let old: { source: Source; gift: Awaited<ReturnType<typeof ask>> } | null = null
    for (const [index, source] of sources.entries()) {
      const isNotThere = failures.some(isGone)
      if (isNotThere && source.client.creditsPerCall > 0) continue
      try {
        const gift = await inTime(source, index === sources.length - 1, ask, call)
        creditsSpent += gift.creditsSpent
        if (gift.staleBecause === null)
          return { ...gift, source, creditsSpent, passedOver: failures.filter(isNews).map(toRemark) }
        old ??= { source, gift }
        failures.push({ upstream: source.client.name, error: gift.staleBecause })
      } catch (thrown) {
        throwIfAborted(call.signal, withMoreCredits(thrown, creditsSpent))
        const error = asAppError(thrown)
        if (NOT_THE_UPSTREAMS.has(error.code)) throw thrown
        creditsSpent += error.creditsSpent
        failures.push({ upstream: source.client.name, error })
      }
    }
    if (old === null) throw allFailed(failures, creditsSpent)
    const { source, gift } = old
    const others = failures.filter(({ upstream }) => upstream !== source.client.name)
    return { ...gift, source, creditsSpent, passedOver: others.map(toRemark) }
  }

  /** Whoever has one behind it gets its share of the time, and waits little for limits. */
  async function inTime<T>(source: Source, isLast: boolean, ask: Ask<T>, call: ClientCall): Promise<Gift<T>> {
    if (isLast) return ask(source, call)
    const shareMs = CALL_BUDGET.upstreams.callerMs / sources.length
    const tooSlow = () => unanswered(source.client.name, shareMs)
    const share = limitTime(shareMs, call.signal, { reasonOf: tooSlow, setTimer: clock.setTimer })
    try {
      return await ask(source, { ...call, signal: share.signal, maxWaitMs: CALL_BUDGET.queueBeforeNext.callerMs })
    } catch (thrown) {
      if (!share.isOver() || (thrown instanceof AppError && thrown.isUnderWay)) throw thrown
      throw new AppError({ ...partsOf(tooSlow()), creditsSpent: asAppError(thrown).creditsSpent, cause: thrown })
    } finally {
      share.forget()
    }
  }
}

/** What every answer says of the source that it came from. @param standing what is said with every answer. */
export async function frameOf(
  { source: { client }, creditsSpent, passedOver, staleBecause }: Omit<Answered<unknown>, 'value'>,
  standing: readonly Remark[],
): Promise<{ credits: CreditReport; remarks: Remark[] }> {
  const remarks: Remark[] = [...(client.name === SAMPLE_SOURCE ? [{ kind: 'sample_data' as const }] : []), ...standing]
  remarks.push(...passedOver)
  if (staleBecause) {
    const { code, message } = staleBecause
    remarks.push({ kind: 'upstream_failed', code, message, hint: adviceOf(staleBecause) })
  }
  if (client.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
  return { credits: { spent: creditsSpent, remaining: await client.creditsLeft() }, remarks }
}

interface Failure {
  upstream: string
  error: AppError
}

/** Whether a failure means that what was asked for is nowhere: that the made-up offers do not hold it says nothing. */
function isGone({ upstream, error }: Failure): boolean {
  return error.code === 'not_found' && upstream !== SAMPLE_SOURCE
}

/** Whether a reader gains by knowing it: that an offer is not a made-up one is no failure. */
function isNews({ upstream, error }: Failure): boolean {
  return upstream !== SAMPLE_SOURCE || error.code !== 'not_found'
}

function toRemark({ upstream, error }: Failure): Remark {
  return { kind: 'passed_over', upstream, code: error.code, message: error.message, hint: adviceOf(error) }
}

/** What to do about a failure beside an answer: not what still works without the upstream, for that is what the reader has. */
function adviceOf({ code, hint, retryAfterMs }: AppError): string {
  if (code === 'credits_exhausted') return ''
  if (code !== 'rate_limited' || retryAfterMs === undefined) return hint
  return `It can be asked again in ${Math.ceil(retryAfterMs / 1000)} s.`
}

/** One error for all: of the kind that is told first, and to be tried again when the first of them can be. */
function allFailed(failures: readonly Failure[], creditsSpent: number): AppError {
  const notThere = failures.find(isGone)
  const first = (notThere ?? failures[0])?.error
  if (first === undefined) throw new Error('no upstream was asked')
  if (failures.length === 1 || notThere) return new AppError({ ...partsOf(first), creditsSpent, cause: first })
  const waits = failures.flatMap(({ error }) => error.retryAfterMs ?? [])
  return new AppError({
    code: first.code,
    message: `No upstream could answer. ${failures.map(({ upstream, error }) => `${upstream}: ${error.message} ${adviceOf(error)}`.trimEnd()).join(' ')}`,
    hint: 'It is enough to mend one of them.',
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
    hint: 'Try again later; what is kept still answers.',
    retryable: true,
  })
}
