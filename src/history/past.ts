/** Reads the history for one owner. An answer is not lost for the sake of it. */
import { storedSources } from '../catalogue/owners.ts'
import type { Logger } from '../log.ts'
import type { ObservationKind, PastObservation } from '../offers/observation.ts'
import type { HistoryStore } from './history.ts'

/** Enough to find the last other price behind changes of stock and sales. */
const LIMIT = 40

/** Newest first; empty if nothing is known or the store fails. */
export type ReadPast = (source: string, offerId: string, kind: ObservationKind) => Promise<PastObservation[]>

export interface ReadPastOptions {
  store: HistoryStore
  owner: string
  /** Whether observations of this source are kept. */
  isKept: (source: string) => boolean
  logger: Logger
}

export function createReadPast({ store, owner, isKept, logger }: ReadPastOptions): ReadPast {
  return async (source, offerId, kind) => {
    if (!isKept(source)) return []
    try {
      return await store.past({ sources: storedSources(source, owner), offerId, kind, limit: LIMIT })
    } catch (cause) {
      logger.debug('the history of an offer was not read', { offerId, cause })
      return []
    }
  }
}
