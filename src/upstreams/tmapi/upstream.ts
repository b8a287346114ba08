/** The upstream `tmapi`: TMAPI, a paid source of live 1688 data, and whoever answers in its shapes. It matches pictures by their public URL. */
import type { Reported } from '../../limits/gate/call-report.ts'
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import { UNKNOWN_ALLOWANCE } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { createUpstreamHttp, type HttpAnswer, translated, type UpstreamHttpOptions } from '../http.ts'
import type { FoundQuery, Upstream, UpstreamDescriptor } from '../port.ts'
import { type CallPurpose, failureOf, publicUrlNeeded, tokenMissing } from './failures.ts'
import { parseConvertedUrl, parseDetails, parseFoundPage } from './mapping.ts'

/** The most rows that it gives a page. */
const MAX_PAGE_SIZE = 20

/** How long the address of a converted picture is taken to last, in milliseconds. Its documentation does not say. */
const HANDLE_TTL_MS = 3_600_000

/** A word that 1688 always has offers for: cup. */
const CHECK_KEYWORD = '杯子'

/** Pictures that it reads where they are: those on 1688's own hosts. */
const ALIBABA_PICTURE = /^https?:\/\/(?:[a-z0-9-]+\.)+alicdn\.com\//i

export interface TmapiOptions extends Omit<UpstreamHttpOptions, 'timeoutMs'> {
  /** `null` makes every call fail with `key_missing`. */
  token: string | null
  /** Without a slash at its end. */
  baseUrl: string
  timeoutMs?: number
}

/** By the code in the body: 499 asks for another try, 500 is a passing fault, 503 means too many calls at once. */
const RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    429: { maxRetries: 3, onlyWithRetryAfter: true },
    499: { maxRetries: 2 },
    500: { maxRetries: 1 },
    503: { maxRetries: 2 },
  },
}

/** Its options in the configuration. */
interface TmapiSettings {
  tmapiToken?: string | undefined
  tmapiBaseUrl: string
}

export const tmapi: UpstreamDescriptor<TmapiSettings> = {
  create: ({ tmapiToken: token = null, tmapiBaseUrl: baseUrl }, context) => createTmapi({ token, baseUrl, ...context }),
  keyOf: ({ tmapiToken: secret, tmapiBaseUrl: baseUrl }) =>
    secret === undefined ? null : { secret, baseUrl, plan: 'token', allowance: UNKNOWN_ALLOWANCE },
  retries: RETRIES,
  wireMs: CALL_BUDGET.tmapi.wireMs,
}

/** Makes the upstream. Connects at the first call. */
export function createTmapi(options: TmapiOptions): Upstream {
  const { token, baseUrl, timeoutMs = CALL_BUDGET.tmapi.wireMs } = options
  const http = createUpstreamHttp({ ...options, timeoutMs })

  const call = async <T>(
    endpoint: string,
    query: Readonly<Record<string, string>>,
    purpose: CallPurpose,
    send: (url: URL) => Promise<HttpAnswer>,
    translate: (body: unknown) => T,
  ): Promise<Reported<T>> => {
    if (token === null) throw tokenMissing()
    const url = new URL(`${baseUrl}/1688/${endpoint}`)
    url.search = new URLSearchParams({ ...query, apiToken: token }).toString()
    const answer = await send(url)
    const failure = failureOf(answer, purpose)
    if (failure) throw failure
    return translated(answer, translate)
  }
  const get = (signal: AbortSignal) => (url: URL) => http.getJson(url, {}, signal)

  return {
    name: 'tmapi',
    creditsPerCall: 1,
    creditsPerCheck: 1,
    index: null,
    pictures: {
      maxPageSize: MAX_PAGE_SIZE,
      handleTtlMs: HANDLE_TTL_MS,
      handleOf: ({ url }) => (url !== null && ALIBABA_PICTURE.test(url) ? url : null),
      register: async ({ url: picture }, signal) => {
        if (picture === null) throw publicUrlNeeded()
        const request = { url: picture, search_api_endpoint: '/search/image' }
        const send = (url: URL) => http.postJson(url, request, signal)
        return call('tools/image/convert_url', {}, 'search', send, parseConvertedUrl)
      },
      fetchMatches: (handle, query, signal) => {
        const { maxPrice } = query
        const filter = maxPrice === undefined ? {} : { price_end: String(maxPrice) }
        const params = { img_url: handle, sort: 'default', ...filter, ...pageOf(query) }
        return call('search/image', params, 'search', get(signal), parseFoundPage)
      },
    },
    keywords: {
      maxPageSize: MAX_PAGE_SIZE,
      filtersPrice: false,
      fetchByKeyword: (keyword, query, signal) =>
        call('search/items', { keyword, ...pageOf(query) }, 'search', get(signal), parseFoundPage),
    },
    fetchDetails: (offerId, signal) =>
      call('item_detail', { item_id: offerId }, 'details', get(signal), body => parseDetails(body, offerId)),
    checkAccess: signal => {
      // It has no call that is free; this is the smallest that is sure to be answered.
      const query = { keyword: CHECK_KEYWORD, page: '1', page_size: '1' }
      return call('search/items', query, 'search', get(signal), body => {
        parseFoundPage(body)
        return []
      })
    },
    close: () => http.close(),
  }
}

function pageOf({ page, pageSize }: FoundQuery): Record<string, string> {
  return { page: String(page), page_size: String(pageSize) }
}
