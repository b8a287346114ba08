/** An upstream whose fetches are recorded and end when the test says so. */
import { AppError, type ErrorCode, throwIfAborted } from '../../src/errors.ts'

export interface Offer {
  title: string
}

export interface SeenFetch {
  signal: AbortSignal
  answer(title: string, creditsSpent?: number): void
  fail(error: unknown): void
}

export interface CacheUpstream {
  readonly fetches: readonly SeenFetch[]
  fetch(signal: AbortSignal): Promise<{ value: Offer; creditsSpent: number }>
  /** Answers later fetches at once instead of waiting for the test. */
  answerAll(answer: () => string | Error): void
}

/** An aborted fetch ends with `cancelled`. */
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

export function decodeOffer(json: unknown): Offer | null {
  if (typeof json !== 'object' || json === null || !('title' in json) || typeof json.title !== 'string') return null
  return { title: json.title }
}

/** The error has cost two credits. */
export function errorOf(code: ErrorCode): AppError {
  const cause = new Error('the cause of it')
  return new AppError({ code, message: `It is ${code}.`, hint: 'Do this.', retryable: true, creditsSpent: 2, cause })
}
