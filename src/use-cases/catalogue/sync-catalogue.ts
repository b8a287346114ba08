/** Fills the catalogue with an upstream's index, then embeds its pictures, as far as credits and time allow. */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { isAmong } from '../../catalogue/owners.ts'
import { type AppError, asAppError, throwIfAborted } from '../../errors.ts'
import type { MirrorReport, SyncResult, TakeRemarks } from '../../offers/results/results.ts'
import { NO_DEADLINE_MS } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import { settledOrAborted } from '../../time/unless-aborted.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { creditsAndRemarks, type UpstreamClients } from '../../upstream-calls/failover.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import type { Embedder } from '../../vision/embedder.ts'
import { reportedSource, type Sources } from '../catalogue-sources.ts'
import { indexCallOf, type PictureIndexer } from '../picture-indexer.ts'

const NO_INDEX: MirrorReport = { fetched: 0, total: null, creditsToFinish: 0 }

export interface SyncRequest {
  /** The most credits to spend. */
  maxCredits: number
  /** Milliseconds after which the call stops and reports its progress; `null`: no limit. */
  budgetMs: number | null
}

export interface SyncDeps {
  catalogue: Catalogue
  upstreams: UpstreamClients
  sources: Sources
  embedder: Embedder
  indexer: PictureIndexer
  takeRemarks: TakeRemarks
  now: () => number
}

/** After so many refusals for the rate, without a page in between, the upstream means more than its rate. */
const MAX_REFUSALS = 5

/** Fetches the index of the first upstream that has one. If none has, only pictures are embedded. */
export function createSyncCatalogue(deps: SyncDeps) {
  const { catalogue, upstreams, embedder, indexer } = deps
  const upstream = upstreams.find(({ mirror }) => mirror !== null) ?? upstreams[0]

  return async function syncCatalogue(request: SyncRequest, call: CallOptions): Promise<SyncResult> {
    await catalogue.checkKept()
    const names = await deps.sources.searchedWith(upstream)
    const mirrored = names.includes(upstream.name) ? upstream : { ...upstream, mirror: null }
    const fill = async (budget: AbortSignal) => {
      const filled = await fetchIndex(mirrored, request, call, budget)
      await comparePictures(names, call, budget)
      return filled
    }
    const { budgetMs } = request
    const index = await (budgetMs === null ? fill(call.signal) : withinTime(budgetMs, call.signal, fill))
    const totals = (await catalogue.stats(embedder.id)).filter(stats => isAmong(stats.source, names))
    const sum = (pick: (stats: (typeof totals)[number]) => number) =>
      totals.reduce((total, stats) => total + pick(stats), 0)
    const { error, creditsSpent } = index
    const answer = { answeredBy: upstream, creditsSpent, staleBecause: error, passedOver: [] }
    return {
      upstream: reportedSource(upstream, names),
      ...index.report,
      offers: sum(stats => stats.offers),
      compared: sum(stats => stats.embedded),
      picturesPending: indexer.isRunning ? sum(stats => stats.withPicture - stats.embedded) : 0,
      retryAfterMs: error?.retryAfterMs ?? null,
      ...(await creditsAndRemarks(answer, [...(await deps.sources.remarksOn(names, [])), ...deps.takeRemarks()])),
    }
  }

  /** A failure ends the fetching, not the call, which still reports what was fetched. */
  async function fetchIndex(
    { creditsPerCall, mirror }: UpstreamClient,
    { maxCredits, budgetMs }: SyncRequest,
    call: CallOptions,
    signal: AbortSignal,
  ) {
    if (mirror === null) return { report: NO_INDEX, creditsSpent: 0, error: null }
    const limit = creditsPerCall === 0 ? Number.POSITIVE_INFINITY : maxCredits
    const waitUntil = deps.now() + (budgetMs ?? NO_DEADLINE_MS)
    let creditsSpent = 0
    let error: AppError | null = null
    let progress: { done: number; total?: number } = { done: 0 }
    // Waiting for the rate limit is no step back.
    const onProgress = ({ message }: { message: string }) => call.onProgress?.({ ...progress, message })
    for (let refusals = 0; refusals < MAX_REFUSALS; refusals++) {
      const before = creditsSpent
      const onPage = ({ fetched, total }: MirrorReport, spent: number) => {
        refusals = 0
        creditsSpent = before + spent
        progress = { done: fetched, ...(total === null ? {} : { total }) }
        onProgress({ message: `offers fetched: ${fetched}` })
      }
      const options = { signal, onProgress, maxCredits: limit - before, waitUntil, onPage }
      try {
        creditsSpent = before + (await mirror.advance({ ...call, ...options })).creditsSpent
        error = null
        break
      } catch (thrown) {
        throwIfAborted(call.signal)
        error = signal.aborted ? null : asAppError(thrown)
        if (error?.code === 'internal') throw thrown
        creditsSpent += error?.creditsSpent ?? 0
        // The next attempt waits for the gate, which holds calls back after a 429.
        if (error?.code !== 'rate_limited' || deps.now() + (error.retryAfterMs ?? 0) >= waitUntil) break
      }
    }
    return { report: await mirror.report(), creditsSpent, error }
  }

  async function comparePictures(names: readonly string[], call: CallOptions, budget: AbortSignal): Promise<void> {
    const run = indexer.run(names, indexCallOf(call))
    await settledOrAborted(run, budget)
    throwIfAborted(call.signal)
  }
}
