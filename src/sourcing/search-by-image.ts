/** Owns the search by picture: read it, fill the catalogue where that is due, and rank what is known. */
import type { Catalogue, NearestResult } from '../catalogue/catalogue.ts'
import { AppError, asAppError, throwIfAborted } from '../errors.ts'
import { resolvePlace } from '../offers/place.ts'
import type { MatchReport, RankedOffer, Remark, SearchResult, SourceReport } from '../offers/result.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { ImageSource } from '../vision/image-source.ts'
import { likenessOf, similarityOf } from '../vision/score.ts'
import type { Mirror } from './mirror.ts'
import type { PictureIndexer } from './picture-indexer.ts'
import type { CallOptions, ImageSearch } from './services.ts'
import { settledOrAborted } from './settled-or-aborted.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** How long a search waits for the pictures of new offers to be compared; the rest goes on behind the reply. */
const INDEXING_PATIENCE_MS = 12_000

/** Credits that one search may spend on filling the catalogue. */
const CREDITS_PER_SEARCH = 1

/** What {@link createSearchByImage} needs. */
export interface SearchDeps {
  catalogue: Catalogue
  client: UpstreamClient
  /** `null` where the upstream has no index. */
  mirror: Mirror | null
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
    const places = placesOf(request.filters.location)
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
    const match = matchOf(ranked)
    return {
      products,
      page: request.page,
      pageSize: request.pageSize,
      totalFound: ranked.compared,
      query: picture.label,
      match,
      source: sourceOf(ranked, filled.error),
      credits: { spent: filled.creditsSpent, remaining: (await client.usage())?.creditsLeft ?? null },
      remarks: [...deps.standingRemarks, ...filled.remarks, ...places, ...remarksOf(ranked, match)],
    }
  }

  /** Fetches what is missing of the upstream's index, one credit's worth; a failure only matters where nothing is known. */
  async function fillCatalogue(call: CallOptions) {
    const maxCredits = client.creditsPerCall === 0 ? Number.POSITIVE_INFINITY : CREDITS_PER_SEARCH
    const remarks: Remark[] = []
    if (mirror === null) return { creditsSpent: 0, remarks, error: null }
    try {
      const { report, creditsSpent } = await mirror.advance({ ...call, maxCredits })
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
    await settledOrAborted(run, AbortSignal.any([patience, call.signal]))
    throwIfAborted(call.signal)
  }

  function matchOf({ compared, known, bestCosine }: NearestResult): MatchReport {
    const best = bestCosine === null ? null : likenessOf(bestCosine, embedder.id)
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
    if (client.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
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

/**
 * What a word for a place was taken for, where it can mean several.
 * @throws AppError `invalid_input` for one that means none: an empty page would look as if nobody sold there.
 */
function placesOf(location: string | undefined): Remark[] {
  if (location === undefined) return []
  const places = resolvePlace(location).map(place =>
    [place.province, place.city].filter(name => name !== null).join(''),
  )
  if (places.length > 1) return [{ kind: 'places_taken', places }]
  if (places.length === 1) return []
  throw new AppError({
    code: 'invalid_input',
    message: 'location is no city or province of China that is known here.',
    hint: 'Pass one in Chinese or pinyin, for example 义乌, Yiwu or Zhejiang, or leave location out.',
  })
}
