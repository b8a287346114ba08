/** The port of the history: what answers said about offers, each time it differed from the answer before. */
import type { ObservationKind, Observed, PastObservation } from '../offers/observation.ts'

/** Of one offer at one source; the oldest make room. */
export const MAX_OBSERVATIONS_OF_OFFER = 60

/** Of all offers, some 50 MB; those that were not confirmed for longest make room. */
export const MAX_OBSERVATIONS = 200_000

/** What one answer said. */
export interface Sighting {
  /** As the catalogue stores it: an import's names its owner. */
  source: string
  offerId: string
  kind: ObservationKind
  facts: Observed
  /** Milliseconds since 1970. */
  seenAt: number
}

export interface PastQuery {
  /** As the catalogue stores them. */
  sources: readonly string[]
  offerId: string
  kind: ObservationKind
  limit: number
}

/** All methods reject with AppError `store_unavailable` if the store cannot be used. */
export interface HistoryStore {
  /** Adds what differs from the last observation of the same offer. An older sighting changes nothing. */
  observe(sightings: readonly Sighting[]): Promise<void>
  /** Newest first. */
  past(query: PastQuery): Promise<PastObservation[]>
  /** Deletes all that is known of a source, or of some of its offers. */
  forget(source: string, offerIds: readonly string[] | null): Promise<void>
  /** Deletes what was last confirmed before this moment, and what exceeds {@link MAX_OBSERVATIONS}. */
  prune(before: number): Promise<void>
}
