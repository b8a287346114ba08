/** The offers of one shop, at the upstream or among those that are known, ranked by a picture or by words if wanted. */
import type { CatalogueOffer } from '../../catalogue/catalogue.ts'
import type { OfferFilters, SortOrder } from '../../offers/filters.ts'
import type { RankedOffer, Remark } from '../../offers/results/results.ts'
import type { SupplierResult } from '../../offers/results/supplier-result.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { ShopCalls } from '../../upstream-calls/shop-calls.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import { appliedUpstream } from '../../upstreams/search-filters.ts'
import { oldestOf } from '../catalogue-sources.ts'
import { type Comparison, createComparePictures, type QueryPicture } from '../search/compare-pictures.ts'
import type { EmbedQuery } from '../search/embedding/embed-query.ts'
import { fetchResults } from '../search/fetch-results.ts'
import { createQueryPictures, type QueryPictureDeps } from '../search/photos/query-picture.ts'
import { rankedOffer } from '../search/search-page.ts'
import { createRankUpstreamResults, type RankUpstreamResultsDeps } from '../search/upstream-results.ts'
import type { FoundShop } from './find-shop.ts'

/** Known offers of one shop that are looked at. */
const MAX_KNOWN = 500

export interface ShopOffersRequest {
  page: number
  /** At most that of the upstream's pages. */
  pageSize: number
  sort: SortOrder | null
  /** Offers whose titles have these words come first; `null` for no words. */
  words: string | null
  /** Offers that look like this picture come first: a reference as in a search, or `null`. */
  image: string | null
}

/** What the offers are ranked by. */
export interface Ranking {
  picture: QueryPicture | null
  words: string | null
}

/** What the ranking cost, or would cost if that is more than it may. */
export interface PricedRanking extends Ranking {
  creditsSpent: number
  unreadCredits: number
}

export interface ShopOffers extends Omit<SupplierResult['offers'], 'page' | 'pageSize'> {
  /** Of the oldest, milliseconds since 1970; `null` without offers. */
  retrievedAt: number | null
  remarks: Remark[]
}

export interface ShopOffersDeps extends RankUpstreamResultsDeps, QueryPictureDeps {
  embedQuery: EmbedQuery
}

export function createShopOffers(deps: ShopOffersDeps) {
  const { catalogue, embedQuery } = deps
  const queryPictures = createQueryPictures(deps)
  const rankUpstreamResults = createRankUpstreamResults(deps)
  const comparePictures = createComparePictures(deps)

  return {
    /** What the picture to rank by costs. Asks no upstream. */
    pictureCost: async ({ image }: ShopOffersRequest) => (image === null ? 0 : queryPictures.cost(image)),
    /** Reads the picture, so that an unusable one costs no credit. One that costs more is left out. */
    async rankingOf(
      { image, words }: ShopOffersRequest,
      maxCredits: number,
      call: CallOptions,
    ): Promise<PricedRanking> {
      const credits = image === null ? 0 : await queryPictures.cost(image)
      if (image === null || (credits > 0 && credits > maxCredits))
        return { picture: null, words, creditsSpent: 0, unreadCredits: credits }
      const limited = { ...call, payer: limitCredits(Math.max(0, maxCredits), call.payer) }
      const { picture, creditsSpent } = await queryPictures.read(image, maxCredits, limited)
      const query = await embedQuery(picture.bytes, new Set(), call)
      return { picture: query, words, creditsSpent, unreadCredits: 0 }
    },
    /** 0 if the page is cached. */
    async priceOf({ offers }: ShopCalls, shopId: string, request: ShopOffersRequest, call: CallOptions) {
      const { page, sort } = request
      const applied = appliedUpstream(offers.applies, sort === null ? {} : { sort })
      return (await offers.priceOf(shopId, { page, pageSize: offers.maxPageSize, ...applied }, call)) ?? 0
    },
    async fetch(
      { name }: UpstreamClient,
      { offers }: ShopCalls,
      shopId: string,
      request: ShopOffersRequest & Ranking,
      call: CallOptions,
    ) {
      const pageRequest = { page: request.page, pageSize: request.pageSize, filters: filtersOf(request), maxCredits: 0 }
      const rows = await fetchResults(offers, shopId, pageRequest, call)
      const asked = { ...pageRequest, picture: request.picture }
      const { products, totalFound, hasMore, retrievedAt, remarks } = await rankUpstreamResults(
        { upstream: name, rows: rows.value, retrievedAt: rows.retrievedAt, sources: [name] },
        asked,
        call,
      )
      const list = inRanking(products, request)
      const value: ShopOffers = { list, totalFound, hasMore: hasMore ?? false, from: 'upstream', retrievedAt, remarks }
      return { value, creditsSpent: rows.creditsSpent }
    },
    async known(
      { shopId, shopName }: FoundShop,
      request: ShopOffersRequest & Ranking,
      sources: readonly string[],
    ): Promise<ShopOffers> {
      const rows = await catalogue.offersOfShop({ shopId, shopName, sources, limit: MAX_KNOWN })
      const seen = new Set<string>()
      const distinct = rows.filter(({ offer: { offerId } }) => !seen.has(offerId) && seen.add(offerId))
      const compared = await compareWith(request.picture, distinct, sources)
      const ranked = distinct.map(row => rankedOffer({ ...row, unlisted: [] }, compared.get(row.offer.offerId)))
      const start = (request.page - 1) * request.pageSize
      const list = inRanking(ranked, request).slice(start, start + request.pageSize)
      const hasMore = start + list.length < distinct.length
      const retrievedAt = oldestOf(distinct)
      return { list, totalFound: distinct.length, hasMore, from: 'catalogue', retrievedAt, remarks: [] }
    },
  }

  async function compareWith(
    picture: QueryPicture | null,
    rows: readonly CatalogueOffer[],
    sources: readonly string[],
  ): Promise<Map<string, Comparison>> {
    const compared = new Map<string, Comparison>()
    if (!picture) return compared
    for (const source of new Set(rows.map(row => row.source))) {
      const ids = rows.filter(row => row.source === source).map(({ offer }) => offer.offerId)
      for (const [id, comparison] of await comparePictures.found(picture, source, ids, sources)) {
        compared.set(id, comparison)
      }
    }
    return compared
  }
}

function filtersOf({ sort }: ShopOffersRequest): OfferFilters {
  return sort === null ? {} : { sort }
}

/** Best first; what is equally good keeps its order. */
function inRanking(offers: readonly RankedOffer[], { picture, words }: Ranking): RankedOffer[] {
  if (picture) return offers.toSorted((a, b) => (b.similarity ?? -1) - (a.similarity ?? -1))
  const wanted =
    words
      ?.toLowerCase()
      .split(/\s+/)
      .filter(word => word !== '') ?? []
  if (wanted.length === 0) return [...offers]
  const hitsIn = ({ offer: { title, titleTranslated = '' } }: RankedOffer) => {
    const text = `${title} ${titleTranslated}`.toLowerCase()
    return wanted.filter(word => text.includes(word)).length
  }
  return offers.toSorted((a, b) => hitsIn(b) - hitsIn(a))
}
