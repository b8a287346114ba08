/**
 * Answers that were given a moment ago, as they were read: under load, looking one up and reading it again costs more
 * than all else of a call.
 */
import { LRUCache } from 'lru-cache'
import type { Fetched } from '../offers/results/fetched.ts'
import type { UpstreamCallOptions } from './metered-call.ts'

/** How long an answer is given again without a look into the cache, in milliseconds: so long it may take until one of another process is seen. */
const REMEMBER_MS = 1_000

const MAX_REMEMBERED = 500

export interface RecentAnswersDeps {
  now: () => number
  /** Counts an answer that was given again. */
  onHit: () => void
}

/** Makes a memory of answers by name. The age that an answer tells is that of the answer, and only fresh ones are remembered. */
export function createRecentAnswers<T>({ now, onHit }: RecentAnswersDeps) {
  const recent = new LRUCache<string, { answer: Fetched<T>; lookedUpAt: number }>({ max: MAX_REMEMBERED })

  const get = (name: string): Fetched<T> | null => {
    const known = recent.peek(name)
    if (known === undefined) return null
    // The time to live of the map's own would not notice that the clock was set back.
    const ageMs = now() - known.lookedUpAt
    return ageMs >= 0 && ageMs < REMEMBER_MS ? known.answer : null
  }
  const remember = (name: string, answer: Fetched<T>): void => {
    if (answer.staleBecause !== null) recent.delete(name)
    else recent.set(name, { answer: { ...answer, creditsSpent: 0 }, lookedUpAt: now() })
  }

  return {
    /** The answer that is remembered, or the one of `find`. */
    async through(
      name: string,
      { signal, refresh }: UpstreamCallOptions,
      find: () => Promise<Fetched<T>>,
    ): Promise<Fetched<T>> {
      const known = refresh || signal.aborted ? null : get(name)
      if (known !== null) {
        onHit()
        return known
      }
      const answer = await find()
      remember(name, answer)
      return answer
    },
  }
}
