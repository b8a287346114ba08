/** An upstream as the use cases see it: metered, with its answers cached. */
import * as z from 'zod'
import { type CachePolicy, DETAILS_POLICY } from '../cache/policy.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Plan } from '../limits/ledger/allowance.ts'
import { type OfferDetails, offerDetails, offerSummary } from '../offers/offer.ts'
import { type Fetched, fetchedNow } from '../offers/results/fetched.ts'
import type { LedgerUsage } from '../offers/results/usage.ts'
import type { ApiGrant, IndexPage, ProductIndex, QueryPicture, Upstream } from '../upstreams/port.ts'
import { createCachedSearch, type UpstreamSearch } from './cached-search.ts'
import { createExtraCalls, type ExtraCalls } from './extra-calls.ts'
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
import { createShopCalls, type ShopCalls } from './shop-calls.ts'

/** The catalogue stores index pages; the cache only keeps processes from fetching the same page twice. */
const INDEX_POLICY: CachePolicy = { freshMs: 600_000, staleMs: 0, negativeMs: 0 }

const indexPage: z.ZodType<IndexPage> = z.object({
  offers: z.array(offerSummary),
  totalFound: z.number().nullable(),
})

export interface UpstreamClient {
  readonly name: string
  readonly creditsPerCall: number
  /** `null` if the upstream has no index. */
  readonly index: UpstreamIndex | null
  readonly mirror: Mirror | null
  /** `null` if the upstream does not match pictures. */
  readonly pictures: UpstreamSearch<QueryPicture> | null
  /** `null` if the upstream has no keyword search. */
  readonly keywords: UpstreamSearch<string> | null
  /** `null` if the upstream has no calls about shops. */
  readonly shops: ShopCalls | null
  /** `null` if the upstream has nothing beyond details. */
  readonly extras: ExtraCalls | null
  /** `null` if calls are not metered. */
  readonly plan: Plan | null
  fetchDetails(offerId: string, call: UpstreamCallOptions): Promise<Fetched<OfferDetails>>
  /** What {@link UpstreamClient.fetchDetails} would cost now: 0 for a fresh cached answer. Asks no upstream. */
  detailsCost(offerId: string): Promise<number>
  /** Cost of {@link UpstreamClient.checkAccess}. */
  readonly creditsPerCheck: number
  /**
   * Checks the key and returns its grants, or an empty list if it may do everything. Not cached. @throws AppError if it
   * does not work.
   */
  checkAccess(call: UpstreamCallOptions): Promise<Fetched<ApiGrant[]>>
  /** `null` if calls are not metered or the ledger is unavailable. */
  usage(): Promise<LedgerUsage | null>
  /** Up to a second old; `null` if unknown. Never rejects, so that an answer is returned even if the ledger fails. */
  creditsLeft(): Promise<number | null>
  /** Whether calls go out without the shared ledger. */
  readonly limitsNotShared: boolean
  close(): Promise<void>
}

export interface UpstreamClientDeps extends Omit<MeteredCallsDeps, 'creditsPerCall'> {
  upstream: Upstream
  /** Stores the mirror of the index, whose complete copy is fresh for `mirrorTtlMs`. */
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
      createMirror({
        catalogue,
        source: name,
        index,
        creditsPerPage: creditsPerCall,
        ttlMs: mirrorTtlMs,
        // Cached like an answer, so that a repeated search costs nothing, in any process.
        oncePerSearch: (searchId, call, fill) => {
          const policy = { freshMs: mirrorTtlMs, staleMs: 0, negativeMs: 0 }
          const answer = { kind: 'search' as const, id: searchId, policy, schema: z.literal(true) }
          return calls.meteredCall(answer, call, async (_send, shared) => ({
            ...(await fill(shared)),
            value: true as const,
          }))
        },
        now,
      }),
    pictures: pictures && createPictureSearch(pictures, calls, now),
    keywords:
      keywords &&
      createCachedSearch<string>(calls, {
        kind: 'keyword',
        maxPageSize: keywords.maxPageSize,
        applies: keywords.applies,
        idOf: keyword => keyword,
        fetchPage: (keyword, page) => send =>
          send('keywords', signal => keywords.fetchByKeyword(keyword, page, signal)),
      }),
    shops: upstream.shops && createShopCalls(upstream.shops, calls),
    extras: upstream.extras && createExtraCalls(upstream.extras, calls),
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
      return fetchedNow((await check()).value, now())
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
