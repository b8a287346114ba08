/** Owns filling the catalogue on purpose: the upstream's whole index, then the pictures of it, as far as credits and time allow. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import { type AppError, asAppError, throwIfAborted } from '../errors.ts'
import type { Remark, SyncResult } from '../offers/result.ts'
import type { Embedder } from '../vision/embedder.ts'
import type { Mirror, MirrorReport } from './mirror.ts'
import type { PictureIndexer } from './picture-indexer.ts'
import type { CallOptions, SyncRequest } from './services.ts'
import { settledOrAborted } from './settled-or-aborted.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** Nothing to fetch is nothing left to fetch. */
const NO_INDEX: MirrorReport = { fetched: 0, total: null, creditsToFinish: 0 }

/** What {@link createSyncCatalogue} needs. */
export interface SyncDeps {
  catalogue: Catalogue
  client: UpstreamClient
  /** `null` where the upstream has no index: then only pictures are compared. */
  mirror: Mirror | null
  embedder: Embedder
  indexer: PictureIndexer
  sources: readonly string[]
  standingRemarks: readonly Remark[]
}

/** Makes the use case. */
export function createSyncCatalogue(deps: SyncDeps) {
  const { catalogue, client, mirror, embedder, indexer, sources } = deps

  return async function syncCatalogue(request: SyncRequest, call: CallOptions): Promise<SyncResult> {
    const budget =
      request.budgetMs === null ? call.signal : AbortSignal.any([call.signal, AbortSignal.timeout(request.budgetMs)])
    const index = await fetchIndex(request, call, budget)
    await comparePictures(call, budget)
    const totals = (await catalogue.stats(embedder.id)).filter(stats => sources.includes(stats.source))
    const sum = (pick: (stats: (typeof totals)[number]) => number) =>
      totals.reduce((total, stats) => total + pick(stats), 0)
    const remarks: Remark[] = [...deps.standingRemarks]
    if (index.error) remarks.push({ kind: 'upstream_failed', code: index.error.code, message: index.error.message })
    if (client.limitsNotShared) remarks.push({ kind: 'limits_not_shared' })
    return {
      upstream: client.name,
      ...index.report,
      offers: sum(stats => stats.offers),
      compared: sum(stats => stats.embedded),
      picturesPending: indexer.isRunning ? sum(stats => stats.withPicture - stats.embedded) : 0,
      retryAfterMs: index.error?.retryAfterMs ?? null,
      credits: { spent: index.creditsSpent, remaining: (await client.usage())?.creditsLeft ?? null },
      remarks,
    }
  }

  /** A failure ends the fetching, not the call: what was fetched is kept and told. */
  async function fetchIndex({ maxCredits, budgetMs }: SyncRequest, call: CallOptions, signal: AbortSignal) {
    if (mirror === null) return { report: NO_INDEX, creditsSpent: 0, error: null }
    let creditsSpent = 0
    let error: AppError | null = null
    const onPage = (report: MirrorReport, spent: number) => {
      creditsSpent = spent
      const { fetched, total } = report
      call.onProgress?.({ done: fetched, ...(total === null ? {} : { total }), message: `${fetched} offers fetched` })
    }
    try {
      const limit = client.creditsPerCall === 0 ? Number.POSITIVE_INFINITY : maxCredits
      creditsSpent = (await mirror.advance({ ...call, signal, maxCredits: limit, patient: budgetMs === null, onPage }))
        .creditsSpent
    } catch (thrown) {
      throwIfAborted(call.signal)
      error = signal.aborted ? null : asAppError(thrown)
      if (error?.code === 'internal') throw thrown
      creditsSpent += error?.creditsSpent ?? 0
    }
    return { report: await mirror.report(), creditsSpent, error }
  }

  async function comparePictures(call: CallOptions, budget: AbortSignal): Promise<void> {
    const run = indexer.run(sources, done => call.onProgress?.({ done, message: `${done} pictures compared` }))
    await settledOrAborted(run, budget)
    throwIfAborted(call.signal)
  }
}
