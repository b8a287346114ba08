/** Remembers parsed answers for a moment: under load, reading one from the cache costs more than the rest of a call. */
import { LRUCache } from 'lru-cache'
import type { Fetched } from '../offers/results/fetched.ts'
import type { UpstreamCallOptions } from './metered-call.ts'

/** For this long, a newer answer from another process may go unnoticed. */
const REMEMBER_MS = 1_000

const MAX_REMEMBERED = 500

export interface RecentAnswersDeps {
  now: () => number
  /** Called for each answer from memory. */
  onHit: () => void
}

/** Remembers only fresh answers, which keep their own age. */
export function createRecentAnswers<T>({ now, onHit }: RecentAnswersDeps) {
  const recent = new LRUCache<string, { answer: Fetched<T>; lookedUpAt: number }>({ max: MAX_REMEMBERED })

  const get = (name: string): Fetched<T> | null => {
    const known = recent.peek(name)
    if (known === undefined) return null
    // The map's own time to live would not notice the clock being set back.
    const ageMs = now() - known.lookedUpAt
    return ageMs >= 0 && ageMs < REMEMBER_MS ? known.answer : null
  }
  const remember = (name: string, answer: Fetched<T>): void => {
    if (answer.staleBecause !== null) recent.delete(name)
    else recent.set(name, { answer: { ...answer, creditsSpent: 0 }, lookedUpAt: now() })
  }

  return {
    /** Returns the remembered answer or that of `find`. */
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
