/** An upstream as the reply cache sees one: fetches that count themselves and end when a test says so. */
import { AppError, type ErrorCode, throwIfAborted } from '../../src/errors.ts'

/** A value as it is kept in these tests. */
export interface Offer {
  title: string
}

/** A fetch that is under way, or was. */
export interface SeenFetch {
  signal: AbortSignal
  answer(title: string, creditsSpent?: number): void
  fail(error: unknown): void
}

/** An upstream; made by {@link createCacheUpstream}. */
export interface CacheUpstream {
  /** Every fetch so far, in order. */
  readonly fetches: readonly SeenFetch[]
  fetch(signal: AbortSignal): Promise<{ value: Offer; creditsSpent: number }>
  /** Answers the fetches to come at once; without it each waits for the test. */
  answerAll(answer: () => string | Error): void
}

/** Makes an upstream. A fetch ends with `cancelled` as soon as it is aborted. */
export function createCacheUpstream(): CacheUpstream {
  const fetches: SeenFetch[] = []
  let answerNow: (() => string | Error) | undefined
  return {
    fetches,
    fetch(signal) {
      return new Promise((resolve, reject) => {
        const answer = (title: string, creditsSpent = 1): void => resolve({ value: { title }, creditsSpent })
        fetches.push({ signal, answer, fail: reject })
        signal.addEventListener('abort', () => {
          try {
            throwIfAborted(signal)
          } catch (error) {
            reject(error)
          }
        })
        const now = answerNow?.()
        if (now instanceof Error) reject(now)
        else if (now !== undefined) answer(now)
      })
    },
    answerAll(answer) {
      answerNow = answer
    },
  }
}

/** Reads a kept offer. */
export function decodeOffer(json: unknown): Offer | null {
  if (typeof json !== 'object' || json === null || !('title' in json) || typeof json.title !== 'string') return null
  return { title: json.title }
}

/** An error of that code, which has cost two credits. */
export function errorOf(code: ErrorCode): AppError {
  const cause = new Error('the cause of it')
  return new AppError({ code, message: `It is ${code}.`, hint: 'Do this.', retryable: true, creditsSpent: 2, cause })
}
