/** Owns the search by picture: read it, fill the catalogue where that is due, rank what is known. */
import type { Catalogue, NearestResult } from '../catalogue/catalogue.ts'
import { type AppError, asAppError, throwIfAborted } from '../errors.ts'
import type { MatchReport, RankedOffer, Remark, SearchResult, SourceReport } from '../offers/result.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { ImageSource } from '../vision/image-source.ts'
import { likenessOf, similarityOf } from '../vision/score.ts'
import type { Mirror } from './mirror.ts'
import type { PictureIndexer } from './picture-indexer.ts'
import type { CallOptions, ImageSearch } from './services.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** How long a search waits for the pictures of new offers to be compared; the rest goes on behind the reply. */
const INDEXING_PATIENCE_MS = 12_000

/** Credits that one search may spend on filling the catalogue. */
const CREDITS_PER_SEARCH = 1

/** What {@link createSearchByImage} needs. */
export interface SearchDeps {
  catalogue: Catalogue
  client: UpstreamClient
  mirror: Mirror
  embedder: Embedder
  images: ImageSource
  indexer: PictureIndexer
  /** Sources that are ranked: the upstream's own offers and imported ones. */
  sources: readonly string[]
  /** Said with every answer. */
  standingRemarks: readonly Remark[]
  now: () => number
}

/** Makes the use case. */
export function createSearchByImage(deps: SearchDeps) {
  const { catalogue, client, mirror, embedder, images, indexer, sources, now } = deps

  return async function searchByImage(request: ImageSearch, call: CallOptions): Promise<SearchResult> {
    // A picture that cannot be used must not cost a credit: it is read and understood first.
    const picture = await images.read(request.image, call.signal)
    const vectors = await embedder.embed(picture.bytes, 'query', call.signal)
    const filled = await fillCatalogue(call)
    await compareNewPictures(call)
    const ranked = await catalogue.nearest({
      model: embedder.id,
      vectors,
      sources,
      filters: request.filters,
      offset: (request.page - 1) * request.pageSize,
      limit: request.pageSize,
    })
    if (ranked.known === 0 && filled.error) throw filled.error
    const products = ranked.hits.map(toRankedOffer)
    const match = await matchOf(ranked, vectors, request)
    return {
      products,
      page: request.page,
      pageSize: request.pageSize,
      totalFound: ranked.compared,
      query: picture.label,
      match,
      source: sourceOf(ranked, filled.error),
      credits: { spent: filled.creditsSpent, remaining: await client.creditsLeft() },
      remarks: [...deps.standingRemarks, ...filled.remarks, ...remarksOf(ranked, match)],
    }
  }

  /** Fetches what is missing of the upstream's index, one credit's worth; a failure only matters where nothing is known. */
  async function fillCatalogue(call: CallOptions) {
    const maxCredits = client.creditsPerCall === 0 ? Number.POSITIVE_INFINITY : CREDITS_PER_SEARCH
    const remarks: Remark[] = []
    try {
      const { report, creditsSpent } = await mirror.advance({ maxCredits, signal: call.signal })
      if (report.creditsToFinish !== 0) remarks.push({ kind: 'index_incomplete', ...report })
      return { creditsSpent, remarks, error: null }
    } catch (thrown) {
      throwIfAborted(call.signal)
      const error = asAppError(thrown)
      if (error.code === 'internal') throw thrown
      remarks.push({ kind: 'upstream_failed', code: error.code, message: error.message })
      return { creditsSpent: error.creditsSpent, remarks, error }
    }
  }

  /** Waits a while for the pictures of offers that were never compared. */
  async function compareNewPictures(call: CallOptions): Promise<void> {
    const patience = AbortSignal.timeout(INDEXING_PATIENCE_MS)
    const run = indexer.run(sources, done => call.onProgress?.({ done, message: `${done} pictures compared` }))
    // Left behind at the end of our patience, the run goes on; its failure then belongs to the search that waits for it next.
    run.catch(() => undefined)
    await Promise.race([run, whenAborted(AbortSignal.any([patience, call.signal]))])
    throwIfAborted(call.signal)
  }

  async function matchOf(ranked: NearestResult, vectors: Int8Array[], request: ImageSearch): Promise<MatchReport> {
    const { compared, known } = ranked
    const onFirstPage = request.page === 1
    const top = onFirstPage
      ? ranked.hits
      : (
          await catalogue.nearest({
            model: embedder.id,
            vectors,
            sources,
            filters: request.filters,
            offset: 0,
            limit: 1,
          })
        ).hits
    const best = top[0] ? likenessOf(top[0].cosine, embedder.id) : null
    return { method: 'visual', compared, known, embedder: embedder.id, best }
  }

  function toRankedOffer({ offer, source, cosine }: NearestResult['hits'][number]): RankedOffer {
    return { offer, source, similarity: similarityOf(cosine), likeness: likenessOf(cosine, embedder.id) }
  }

  function remarksOf(ranked: NearestResult, match: MatchReport): Remark[] {
    const remarks: Remark[] = []
    const missing = ranked.known - ranked.compared
    if (missing > 0) {
      remarks.push(
        indexer.isRunning
          ? { kind: 'pictures_pending', pending: missing }
          : { kind: 'pictures_failed', failed: missing },
      )
    }
    if (match.best === 'weak') remarks.push({ kind: 'nothing_alike' })
    return remarks
  }

  /** As old as the oldest offer that is shown. */
  function sourceOf(ranked: NearestResult, failure: AppError | null): SourceReport {
    const times = ranked.hits.map(hit => hit.lastSeenAt)
    const retrievedAt = times.length === 0 ? null : Math.min(...times)
    const ageS = retrievedAt === null ? null : Math.max(0, Math.round((now() - retrievedAt) / 1000))
    return { upstream: client.name, retrievedAt, ageS, stale: failure !== null }
  }
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}
