/** Embeds the pictures of known offers in the background, each once. */
import type { Catalogue, OfferPicture } from '../catalogue/catalogue.ts'
import { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { PictureReader } from '../pictures/reader.ts'
import type { CallOptions } from '../upstream-calls/call-options.ts'
import type { ShippedVectors } from '../vision/builtin/shipped-vectors.ts'
import type { Embedder } from '../vision/embedder.ts'

/** Concurrent downloads: enough to keep the decoder busy despite a picture host's latency. */
const CONCURRENCY = 8

const BATCH = 64

export interface PictureIndexerDeps {
  catalogue: Catalogue
  embedder: Embedder
  pictureReader: PictureReader
  shipped: ShippedVectors
  /** At most: of the first picture and of photos. */
  vectorsPerOffer: number
  logger: Logger
  now: () => number
  /** Concurrent pictures. */
  lanes?: number
  /** Awaited before a picture is fetched. */
  turn?: (signal: AbortSignal) => Promise<void>
}

export interface IndexCall {
  onPicture?: (done: number) => void
  /** As in {@link CallOptions}. */
  picturesPerMinute?: number | null | undefined
}

export function indexCallOf({ onProgress, picturesPerMinute }: CallOptions): IndexCall {
  return { onPicture: done => onProgress?.({ done, message: `pictures compared: ${done}` }), picturesPerMinute }
}

export interface PictureIndexer {
  /**
   * Resolves once everything in `sources` is embedded. Callers that arrive during a run share the next one. Rejects
   * with AppError.
   */
  run(sources: readonly string[], call?: IndexCall): Promise<void>
  readonly isRunning: boolean
}

export interface OpenPictureIndexer extends PictureIndexer {
  /** Stops the run; finished embeddings stay. */
  close(): Promise<void>
}

export function createPictureIndexer(deps: PictureIndexerDeps): OpenPictureIndexer {
  const { catalogue, embedder, pictureReader, shipped, vectorsPerOffer, logger, now, turn, lanes = CONCURRENCY } = deps
  const stop = new AbortController()
  const listeners = new Set<(done: number) => void>()
  /** Sources for the next run. */
  const wanted = new Set<string>()
  let current: Promise<void> | null = null

  const embedPicture = async (reference: string): Promise<Int8Array | undefined> => {
    if (/^https?:/i.test(reference)) await turn?.(stop.signal)
    const picture = await pictureReader.read(reference, stop.signal, { preferSmall: true })
    const { vectors } = await embedder.embed(picture.bytes, 'index', stop.signal)
    return vectors[0]
  }

  const embedFor = async (imageUrl: string, offers: readonly OfferPicture[]): Promise<void> => {
    try {
      const vector = (await shipped(imageUrl, embedder.id)) ?? (await embedPicture(imageUrl))
      if (vector)
        for (const offer of offers) await catalogue.putEmbedding(offer, embedder.id, vector, embedder.previous?.id)
    } catch (error) {
      if (stop.signal.aborted || !isPictureError(error)) throw error
      for (const offer of offers) {
        logger.debug('picture not embedded', { source: offer.source, offerId: offer.offerId, code: error.code })
        await catalogue.putEmbeddingFailure(offer, embedder.id, now(), error.message)
      }
    }
  }

  const runOnce = async (): Promise<void> => {
    const sources = [...wanted]
    wanted.clear()
    let done = 0
    for (;;) {
      const batch = await catalogue.listUnembedded({
        model: embedder.id,
        replaced: embedder.previous?.id,
        sources,
        photos: vectorsPerOffer - 1,
        limit: BATCH,
        now: now(),
      })
      if (batch.length === 0) return
      const queue = byPicture(batch).entries()
      const lane = async () => {
        for (const [imageUrl, offers] of queue) {
          await embedFor(imageUrl, offers)
          done += offers.length
          for (const listener of listeners) listener(done)
        }
      }
      // Waits for every lane, so that nothing is embedded twice or written to a closed catalogue.
      const ends = await Promise.allSettled(Array.from({ length: lanes }, lane))
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    }
  }

  return {
    run: async (sources, { onPicture } = {}) => {
      if (onPicture) listeners.add(onPicture)
      for (const source of sources) wanted.add(source)
      try {
        // The current run may have missed these sources, so another follows; if not, it finds nothing to do.
        await current
        current ??= runOnce().finally(() => {
          current = null
        })
        await current
      } finally {
        if (onPicture) listeners.delete(onPicture)
      }
    },
    get isRunning() {
      return current !== null
    },
    close: async () => {
      stop.abort()
      await current?.catch(() => undefined)
    },
  }
}

/** Offers and sources often share a picture, which is fetched and embedded once. */
function byPicture(offers: readonly OfferPicture[]): Map<string, OfferPicture[]> {
  const groups = new Map<string, OfferPicture[]>()
  for (const offer of offers) groups.set(offer.imageUrl, [...(groups.get(offer.imageUrl) ?? []), offer])
  return groups
}

/** Anything else (a broken model, a full disk) would fail for every picture. */
function isPictureError(error: unknown): error is AppError {
  return error instanceof AppError && (error.code.startsWith('picture_') || error.code === 'invalid_input')
}
