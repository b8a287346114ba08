/** Writes sightings in the background, so that no answer waits for its history or fails because of it. */
import type { Logger } from '../log.ts'
import { kindOf, observedOf, type SeenOffer } from '../offers/observation.ts'
import { createEventLoopYield } from '../time/yield-to-event-loop.ts'
import type { HistoryStore, Sighting } from './history.ts'

const BATCH_SIGHTINGS = 200

/** Some pages of an index; what comes on top is dropped. */
const MAX_WAITING = 5_000

/** After a failure, nothing is written for this long. */
const REST_MS = 60_000

const PRUNE_EVERY_MS = 24 * 60 * 60 * 1000

export interface RecorderOptions {
  store: HistoryStore
  /** How long an observation is kept, in milliseconds. */
  retentionMs: number
  /** Whether observations of this source are kept. */
  isKept: (source: string) => boolean
  now: () => number
  logger: Logger
  /** Called at the first failure. */
  onNotKept: () => void
}

export interface Recorder {
  record(source: string, offers: readonly SeenOffer[], seenAt: number): void
  /** Deletes what is known of removed offers; best effort, like writing. */
  forget(source: string, offerIds: readonly string[] | null): Promise<void>
  /** Resolves when everything recorded so far is written or dropped. */
  flush(): Promise<void>
}

export function createRecorder({ store, retentionMs, isKept, now, logger, onNotKept }: RecorderOptions): Recorder {
  let waiting: Sighting[] = []
  let writing: Promise<void> | null = null
  let restsUntil = Number.NEGATIVE_INFINITY
  let prunedAt = Number.NEGATIVE_INFINITY
  let hasFailed = false

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (now() < restsUntil) return
    try {
      await work()
    } catch (cause) {
      restsUntil = now() + REST_MS
      waiting = []
      if (hasFailed) return
      hasFailed = true
      logger.warn('the history of offers cannot be written: changes are not kept', { cause })
      onNotKept()
    }
  }
  const pruneDaily = async (): Promise<void> => {
    if (now() - prunedAt < PRUNE_EVERY_MS) return
    prunedAt = now()
    await store.prune(now() - retentionMs)
  }
  const writeAll = async (): Promise<void> => {
    const yieldToEventLoop = createEventLoopYield()
    // The answer goes out first.
    await new Promise(resolve => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_SIGHTINGS)
      await attempt(async () => {
        await pruneDaily()
        await store.observe(batch)
      })
      await yieldToEventLoop()
    }
    writing = null
  }
  return {
    record(source, offers, seenAt) {
      if (!isKept(source) || now() < restsUntil) return
      const room = MAX_WAITING - waiting.length
      for (const offer of offers.slice(0, room)) {
        waiting.push({ source, offerId: offer.offerId, kind: kindOf(offer), facts: observedOf(offer), seenAt })
      }
      if (waiting.length > 0) writing ??= writeAll()
    },
    forget: (source, offerIds) => attempt(() => store.forget(source, offerIds)),
    flush: async () => void (await writing),
  }
}
