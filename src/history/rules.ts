/** Whether a sighting is kept, the same on every database. */
import { isSameObserved, mergeObserved, type Observed } from '../offers/observation.ts'
import type { Sighting } from './history.ts'

const DAY_MS = 86_400_000

export interface LastObservation {
  facts: Observed
  lastAt: number
}

/** `confirm` moves the date of the last observation to the sighting's. */
export type Outcome = { action: 'ignore' } | { action: 'confirm' } | { action: 'add'; facts: Observed }

export function outcomeOf(last: LastObservation | null, { facts, seenAt }: Sighting): Outcome {
  if (Object.keys(facts).length === 0) return { action: 'ignore' }
  if (last === null) return { action: 'add', facts }
  if (seenAt <= last.lastAt) return { action: 'ignore' }
  const merged = mergeObserved(last.facts, facts)
  if (!isSameObserved(merged, last.facts)) return { action: 'add', facts: merged }
  // Once a day, so that a search that is repeated all day writes once.
  const isNewDay = Math.floor(seenAt / DAY_MS) > Math.floor(last.lastAt / DAY_MS)
  return { action: isNewDay ? 'confirm' : 'ignore' }
}

/** One sighting of each offer and kind: several answers may wait to be written, and the last one counts. */
export function keyOf({ source, offerId, kind }: Pick<Sighting, 'source' | 'offerId' | 'kind'>): string {
  return JSON.stringify([source, offerId, kind])
}
