/**
 * The upstream `tmapi`: TMAPI, a paid source of live 1688 data, or a compatible one. It searches by a picture's public
 * URL.
 */
import type { Reported } from '../../limits/gate/call-report.ts'
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import { UNKNOWN_ALLOWANCE } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { createUpstreamHttp, type HttpAnswer, translateAnswer, type UpstreamHttpOptions } from '../http.ts'
import type { PageQuery, Upstream, UpstreamDescriptor } from '../port.ts'
import { freightParams, parseDescriptionPictures, parseFreight, parseReviews, parseSales } from './extras.ts'
import { type CallPurpose, failureOf, publicUrlNeeded, tokenMissing } from './failures.ts'
import {
  KEYWORD_FILTERS,
  keywordFilters,
  PICTURE_FILTERS,
  pictureFilters,
  SHOP_FILTERS,
  shopFilters,
} from './filters.ts'
import { parseDetails, parseHandle, parseOfferPage } from './mapping.ts'
import { parseShopOffers, parseShopProfile } from './shop.ts'

const MAX_PAGE_SIZE = 20

/** By a client's measurement: the documentation does not say how long a converted picture lasts. */
const HANDLE_TTL_MS = 86_400_000

/** "Cup": 1688 always has offers for it. */
const CHECK_KEYWORD = '杯子'

/** Pictures on 1688's own hosts need no conversion. */
const ALIBABA_PICTURE = /^https?:\/\/(?:[a-z0-9-]+\.)+alicdn\.com\//i

export interface TmapiOptions extends Omit<UpstreamHttpOptions, 'timeoutMs'> {
  /** `null` makes every call fail with `key_missing`. */
  token: string | null
  /** Where calls carry it. Default: in the documented parameter. */
  auth?: 'parameter' | 'header'
  /** Without a trailing slash. */
  baseUrl: string
  timeoutMs?: number
}

/**
 * By the code in the body: 499 asks for a retry, 500 is a temporary fault, 503 means too many calls at the same time.
 * Transient: a conversion fails at first for one picture in six, and 417 asks for a retry where no picture is involved.
 */
const RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  transient: { maxRetries: 1 },
  byStatus: {
    429: { maxRetries: 3, onlyWithRetryAfter: true },
    499: { maxRetries: 2 },
    500: { maxRetries: 1 },
    503: { maxRetries: 2 },
  },
}

interface TmapiSettings {
  tmapiToken?: string | undefined
  tmapiAuth: 'parameter' | 'header'
  tmapiBaseUrl: string
}

export const tmapi: UpstreamDescriptor<TmapiSettings> = {
  create: ({ tmapiToken: token = null, tmapiAuth: auth, tmapiBaseUrl: baseUrl }, context) =>
    createTmapi({ token, auth, baseUrl, ...context }),
  keyOf: ({ tmapiToken: secret, tmapiBaseUrl: baseUrl }) =>
    secret === undefined ? null : { secret, baseUrl, plan: 'token', allowance: UNKNOWN_ALLOWANCE },
  retries: RETRIES,
  wireMs: CALL_BUDGET.tmapi.wireMs,
}

export function createTmapi(options: TmapiOptions): Upstream {
  const { token, auth = 'parameter', baseUrl, timeoutMs = CALL_BUDGET.tmapi.wireMs } = options
  const http = createUpstreamHttp({ ...options, timeoutMs, secrets: token === null ? [] : [token] })

  const call = async <T>(
    endpoint: string,
    query: Readonly<Record<string, string>>,
    purpose: CallPurpose,
    send: (url: URL, headers: Record<string, string>) => Promise<HttpAnswer>,
    translate: (body: unknown) => T,
  ): Promise<Reported<T>> => {
    if (token === null) throw tokenMissing()
    const url = new URL(`${baseUrl.replace(/\/1688$/, '')}/1688/${endpoint}`)
    url.search = new URLSearchParams({ ...query, ...(auth === 'parameter' && { apiToken: token }) }).toString()
    const answer = await send(url, auth === 'header' ? { apikey: token } : {})
    const failure = failureOf(answer, purpose)
    if (failure) throw failure
    return translateAnswer(answer, translate)
  }
  const get = (signal: AbortSignal) => (url: URL, headers: Record<string, string>) => http.getJson(url, headers, signal)

  return {
    name: 'tmapi',
    creditsPerCall: 1,
    creditsPerCheck: 1,
    index: null,
    pictures: {
      maxPageSize: MAX_PAGE_SIZE,
      applies: PICTURE_FILTERS,
      handleTtlMs: HANDLE_TTL_MS,
      handleOf: ({ url }) => (url !== null && ALIBABA_PICTURE.test(url) ? url : null),
      register: async ({ url, lend }, signal) => {
        const picture = url ?? (await lend?.())
        if (picture === undefined) throw publicUrlNeeded()
        const request = { url: picture, search_api_endpoint: '/search/image' }
        return call(
          'tools/image/convert_url',
          {},
          'convert',
          (url, headers) => http.postJson(url, request, signal, headers),
          parseHandle,
        )
      },
      fetchMatches: (handle, query, signal) => {
        const params = { img_url: handle, ...pageOf(query), ...pictureFilters(query) }
        return call('search/image', params, 'image', get(signal), parseOfferPage)
      },
    },
    keywords: {
      maxPageSize: MAX_PAGE_SIZE,
      applies: KEYWORD_FILTERS,
      fetchByKeyword: (keyword, query, signal) => {
        const params = { keyword, ...pageOf(query), ...keywordFilters(query) }
        return call('search/items', params, 'keyword', get(signal), parseOfferPage)
      },
    },
    shops: {
      maxPageSize: MAX_PAGE_SIZE,
      applies: SHOP_FILTERS,
      fetchProfile: (shopId, signal) =>
        call('shop/shop_info', { member_id: shopId }, 'shop', get(signal), body => parseShopProfile(body, shopId)),
      fetchOffers: (shopId, query, signal) => {
        const params = { member_id: shopId, ...pageOf(query), ...shopFilters(query) }
        return call('shop/items', params, 'shop', get(signal), body => parseShopOffers(body, query))
      },
    },
    extras: {
      fetchReviews: (offerId, signal) =>
        call('item/rating', { item_id: offerId, page: '1', sort_type: 'latest' }, 'extra', get(signal), parseReviews),
      fetchSales: (offerId, signal) =>
        call('item/statistics/sales', { item_id: offerId }, 'extra', get(signal), parseSales),
      fetchDescriptionPictures: (offerId, signal) =>
        call('item_desc', { item_id: offerId }, 'extra', get(signal), parseDescriptionPictures),
      fetchFreight: (query, signal) => call('item/shipping', freightParams(query), 'extra', get(signal), parseFreight),
    },
    fetchDetails: (offerId, signal) =>
      call('item_detail', { item_id: offerId }, 'details', get(signal), body => parseDetails(body, offerId)),
    checkAccess: signal => {
      // No call is free; this is the smallest one that is sure to succeed.
      const query = { keyword: CHECK_KEYWORD, page: '1', page_size: '1' }
      return call('search/items', query, 'keyword', get(signal), body => {
        parseOfferPage(body)
        return []
      })
    },
    close: () => http.close(),
  }
}

function pageOf({ page, pageSize }: PageQuery): Record<string, string> {
  return { page: String(page), page_size: String(pageSize) }
}
