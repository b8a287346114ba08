/** An upstream as the use cases see it: what it can do, each answer cached for as long as it counts. */
import * as z from 'zod'
import { type CachePolicy, DETAILS_POLICY } from '../cache/policy.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Plan } from '../limits/ledger/refusal.ts'
import { type OfferDetails, offerDetails, offerSummary } from '../offers/offer.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import type { LedgerUsage } from '../offers/results/usage.ts'
import type { ApiGrant, IndexPage, ProductIndex, QueryPicture, Upstream } from '../upstreams/port.ts'
import { createCachedSearch, type UpstreamSearch } from './cached-search.ts'
import { createMirror, type Mirror, type UpstreamIndex } from './index-mirror.ts'
import {
  type CachedAnswer,
  createMeteredCalls,
  type MeteredCalls,
  type MeteredCallsDeps,
  type UpstreamCallOptions,
} from './metered-call.ts'
import { createPictureSearch } from './picture-handles.ts'
import { createRecentAnswers } from './recent-answers.ts'

/** A page of an index is cached only for as long as another process may be fetching the same index: it stays in the catalogue. */
const INDEX_POLICY: CachePolicy = { freshMs: 600_000, staleMs: 0, negativeMs: 0 }

const indexPage: z.ZodType<IndexPage> = z.object({
  offers: z.array(offerSummary),
  totalFound: z.number().nullable(),
})

export interface UpstreamClient {
  readonly name: string
  readonly creditsPerCall: number
  /** `null` where the upstream has no index to mirror. */
  readonly index: UpstreamIndex | null
  /** The local copy of that index. */
  readonly mirror: Mirror | null
  /** `null` where the upstream does not match pictures. */
  readonly pictures: UpstreamSearch<QueryPicture> | null
  /** `null` where the upstream does not search words. */
  readonly keywords: UpstreamSearch<string> | null
  /** What the key may do; `null` where nothing is metered. */
  readonly plan: Plan | null
  fetchDetails(offerId: string, call: UpstreamCallOptions): Promise<Fetched<OfferDetails>>
  /** Credits that {@link UpstreamClient.fetchDetails} would cost now: 0 where the answer is cached and fresh. Asks no upstream. */
  detailsCost(offerId: string): Promise<number>
  /** What {@link UpstreamClient.checkAccess} is expected to cost. */
  readonly creditsPerCheck: number
  /** Asks, past the cache, whether the key works and what it is granted; an empty list: everything. @throws AppError why it does not work. */
  checkAccess(call: UpstreamCallOptions): Promise<Fetched<ApiGrant[]>>
  /** Where the key stands; `null` where nothing is metered or the ledger cannot be used. */
  usage(): Promise<LedgerUsage | null>
  /** Credits left, as of a second ago at most; `null` where that is not known. An answer that is there is given even where the ledger cannot be read. */
  creditsLeft(): Promise<number | null>
  /** Whether calls go out without the shared ledger. */
  readonly limitsNotShared: boolean
  close(): Promise<void>
}

export interface UpstreamClientDeps extends Omit<MeteredCallsDeps, 'creditsPerCall'> {
  upstream: Upstream
  /** Where the mirror of its index is kept, and how long a whole copy counts as fresh, in milliseconds. */
  catalogue: Catalogue
  mirrorTtlMs: number
}

/** Closing the client closes the upstream and the gate. */
export function createUpstreamClient({
  upstream,
  catalogue,
  mirrorTtlMs,
  ...rest
}: UpstreamClientDeps): UpstreamClient {
  const { metering, now } = rest
  const { name, creditsPerCall, pictures, keywords } = upstream
  const calls = createMeteredCalls({ creditsPerCall, ...rest })
  const index = upstream.index && cachedIndex(upstream.index, calls)
  const recentDetails = createRecentAnswers<OfferDetails>({
    now,
    onHit: () => metering?.cache.countHit(creditsPerCall),
  })

  return {
    name,
    creditsPerCall,
    plan: metering?.plan ?? null,
    index,
    mirror:
      index &&
      createMirror({ catalogue, source: name, index, creditsPerPage: creditsPerCall, ttlMs: mirrorTtlMs, now }),
    pictures: pictures && createPictureSearch(pictures, calls, now),
    keywords:
      keywords &&
      createCachedSearch<string>(calls, {
        kind: 'keyword',
        maxPageSize: keywords.maxPageSize,
        filtersPrice: keywords.filtersPrice,
        idOf: keyword => keyword,
        fetchPage: (keyword, page) => send =>
          send('keywords', signal => keywords.fetchByKeyword(keyword, page, signal)),
      }),
    fetchDetails: (offerId, call) =>
      recentDetails.through(offerId, call, () =>
        calls.meteredCall(detailsAnswer(offerId), call, send =>
          send('details', signal => upstream.fetchDetails(offerId, signal)),
        ),
      ),
    detailsCost: async offerId => {
      const isFree = metering === null || (await calls.getFresh(detailsAnswer(offerId))) !== null
      return isFree ? 0 : creditsPerCall
    },
    creditsPerCheck: upstream.creditsPerCheck,
    checkAccess: async ({ signal }) => {
      const check = () => upstream.checkAccess(signal)
      if (metering) return metering.gate.run(check, { signal, credits: upstream.creditsPerCheck })
      return { value: (await check()).value, creditsSpent: 0, retrievedAt: now(), staleBecause: null }
    },
    usage: async () => (await metering?.gate.usage()) ?? null,
    get limitsNotShared() {
      return metering?.gate.degraded ?? false
    },
    creditsLeft: async () => {
      const usage = await metering?.gate.recentUsage().catch(() => null)
      return usage?.creditsLeft ?? null
    },
    close: async () => {
      await metering?.gate.close()
      await upstream.close()
    },
  }
}

function cachedIndex({ maxPageSize, fetchPage }: ProductIndex, { meteredCall }: MeteredCalls): UpstreamIndex {
  const answer = (page: number): CachedAnswer<IndexPage> => {
    return { kind: 'index', id: String(page), policy: INDEX_POLICY, schema: indexPage }
  }
  return {
    maxPageSize,
    fetchPage: (page, call) =>
      meteredCall(answer(page), call, send => send('index', signal => fetchPage(page, signal))),
  }
}

function detailsAnswer(offerId: string): CachedAnswer<OfferDetails> {
  return { kind: 'details', id: offerId, policy: DETAILS_POLICY, schema: offerDetails }
}
