/** Owns an upstream as the use cases see it: what it can do, each answer kept for as long as it counts. */
import { z } from 'zod'
import { type CachePolicy, DETAILS_POLICY } from '../cache/policy.ts'
import type { Paid } from '../limits/gate/gate.ts'
import type { LedgerUsage } from '../limits/ledger/ledger.ts'
import type { Plan } from '../limits/ledger/refusal.ts'
import type { OfferDetails } from '../offers/offer.ts'
import { storedDetails, storedSummary } from '../offers/stored.ts'
import type { ApiGrant, IndexPage, QueryPicture, Upstream } from '../upstreams/port.ts'
import { type AskingDeps, type ClientCall, createAsking, type Fetched, type Kept } from './metered-call.ts'
import { type ClientSearch, createClientSearch } from './paged-search.ts'
import { createPictureSearch } from './picture-handles.ts'
import { createRecentAnswers } from './recent-answers.ts'

/**
 * A page of an index is kept only for as long as another process may be fetching the same index: the catalogue is where it stays.
 */
const INDEX_POLICY: CachePolicy = { freshMs: 600_000, staleMs: 0, negativeMs: 0 }

const storedIndexPage: z.ZodType<IndexPage> = z.object({
  offers: z.array(storedSummary),
  totalFound: z.number().nullable(),
})

/** An upstream's index as the mirror sees it. */
export interface ClientIndex {
  /** Rows of a page: the most that a call can buy. */
  readonly maxPageSize: number
  fetchPage(page: number, call: ClientCall): Promise<Fetched<IndexPage>>
}

/** An upstream as the use cases see it. */
export interface UpstreamClient {
  readonly name: string
  readonly creditsPerCall: number
  /** `null` where the upstream has no index to mirror. */
  readonly index: ClientIndex | null
  /** `null` where the upstream does not match pictures. */
  readonly pictures: ClientSearch<QueryPicture> | null
  /** `null` where the upstream does not search words. */
  readonly keywords: ClientSearch<string> | null
  /** What the key may do; `null` where nothing is metered. */
  readonly plan: Plan | null
  fetchDetails(offerId: string, call: ClientCall): Promise<Fetched<OfferDetails>>
  /** Credits that {@link UpstreamClient.fetchDetails} would cost now: 0 where the answer is kept and fresh. Asks nobody. */
  detailsCost(offerId: string): Promise<number>
  /** What {@link UpstreamClient.checkAccess} is expected to cost. */
  readonly creditsPerCheck: number
  /** Asks, past the cache, whether the key works and what it is granted; an empty list: everything. @throws AppError why it does not work. */
  checkAccess(call: ClientCall): Promise<Paid<ApiGrant[]>>
  /** Where the key stands; `null` where nothing is metered or the ledger cannot be used. */
  usage(): Promise<LedgerUsage | null>
  /** Credits left, as of a second ago at most; `null` where that is not known. An answer that is there is given even where the ledger cannot be read. */
  creditsLeft(): Promise<number | null>
  /** Whether calls go out without the shared ledger. */
  readonly limitsNotShared: boolean
  close(): Promise<void>
}

/** What {@link createUpstreamClient} needs. */
export interface UpstreamClientDeps extends Omit<AskingDeps, 'creditsPerCall'> {
  upstream: Upstream
}

/** Makes a client of one upstream; it closes the upstream and the gate. */
export function createUpstreamClient({ upstream, ...rest }: UpstreamClientDeps): UpstreamClient {
  const { metering, now } = rest
  const { index, pictures, keywords } = upstream
  const asking = createAsking({ creditsPerCall: upstream.creditsPerCall, ...rest })
  const { pay, keep } = asking
  const recentDetails = createRecentAnswers<OfferDetails>({
    now,
    onHit: () => metering?.cache.countHit(upstream.creditsPerCall),
  })

  return {
    name: upstream.name,
    creditsPerCall: upstream.creditsPerCall,
    plan: metering?.plan ?? null,
    index: index && {
      maxPageSize: index.maxPageSize,
      fetchPage: (page, call) =>
        keep(
          { kind: 'index', id: String(page), policy: INDEX_POLICY, schema: storedIndexPage },
          call,
          pay('index', call, signal => index.fetchPage(page, signal)),
        ),
    },
    pictures: pictures && createPictureSearch(pictures, asking, now),
    keywords:
      keywords &&
      createClientSearch<string>(asking, {
        kind: 'keyword',
        maxPageSize: keywords.maxPageSize,
        filtersPrice: keywords.filtersPrice,
        idOf: keyword => keyword,
        fetchPage: (keyword, query, call) =>
          pay('keywords', call, signal => keywords.fetchByKeyword(keyword, query, signal)),
      }),
    fetchDetails: (offerId, call) =>
      recentDetails.through(offerId, call, () =>
        keep(
          keptDetails(offerId),
          call,
          pay('details', call, signal => upstream.fetchDetails(offerId, signal)),
        ),
      ),
    detailsCost: async offerId => {
      const isFree = metering === null || (await asking.getKept(keptDetails(offerId))) !== null
      return isFree ? 0 : upstream.creditsPerCall
    },
    creditsPerCheck: upstream.creditsPerCheck,
    checkAccess: async ({ signal }) => {
      const check = () => upstream.checkAccess(signal)
      if (metering) return metering.gate.run(check, { signal, credits: upstream.creditsPerCheck })
      return { value: (await check()).value, creditsSpent: 0 }
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

function keptDetails(offerId: string): Kept<OfferDetails> {
  return { kind: 'details', id: offerId, policy: DETAILS_POLICY, schema: storedDetails }
}
