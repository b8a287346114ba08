/**
 * The upstream `parse`: the 1688.com API on Parse. It ignores the picture: every search pages through one fixed index,
 * so it is used to mirror that index and to read details.
 */
import type { Reported } from '../../limits/gate/call-report.ts'
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import { PARSE_TIERS, type ParseTier, resolveAllowance } from '../../limits/ledger/allowance.ts'
import { INDEX_PICTURE_URL } from '../../offers/index-picture.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { createUpstreamHttp, translateAnswer, type UpstreamHttpOptions } from '../http.ts'
import type { Upstream, UpstreamDescriptor } from '../port.ts'
import { failureOf, keyMissing } from './failures.ts'
import { parseDetails, parseIndexPage } from './mapping.ts'

/** The most that a call may ask for, since every call costs a credit. */
const MAX_PAGE_SIZE = 60

export interface ParseOptions extends Omit<UpstreamHttpOptions, 'timeoutMs'> {
  /** Includes the scraper's ID; without a trailing slash. */
  baseUrl: string
  /** `null` makes every call fail with `key_missing`. */
  apiKey: string | null
  timeoutMs?: number
}

/**
 * Its error page says not to repeat 400, 401, 402, 404, 422 and 502, calls 500 a temporary bug, and allows 503 to be
 * repeated only after a given time. After a 429 the ledger waits for that time too; the maximum here only stops retries
 * against an upstream that keeps refusing.
 */
const RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    429: { maxRetries: 3, onlyWithRetryAfter: true },
    500: { maxRetries: 1 },
    503: { maxRetries: 1, onlyWithRetryAfter: true },
  },
}

interface ParseSettings {
  parseApiKey?: string | undefined
  parseBaseUrl: string
  tier: ParseTier
  ratePerMinute?: number | undefined
  creditsPerMonth?: number | undefined
  creditResetDay?: number | undefined
}

export const parse: UpstreamDescriptor<ParseSettings> = {
  create: ({ parseApiKey: apiKey = null, parseBaseUrl: baseUrl }, context) =>
    createParse({ apiKey, baseUrl, ...context }),
  keyOf: ({ parseApiKey: secret, parseBaseUrl: baseUrl, tier, ...own }) => {
    if (secret === undefined) return null
    const { ratePerMinute: callsPerMinute, creditsPerMonth, creditResetDay } = own
    const allowance = resolveAllowance(PARSE_TIERS[tier], { callsPerMinute, creditsPerMonth, creditResetDay })
    return { secret, baseUrl, plan: `${tier} tier`, allowance }
  },
  retries: RETRIES,
  wireMs: CALL_BUDGET.parse.wireMs,
}

export function createParse(options: ParseOptions): Upstream {
  const { baseUrl, apiKey, timeoutMs = CALL_BUDGET.parse.wireMs } = options
  const http = createUpstreamHttp({ ...options, timeoutMs })

  const call = async <T>(
    endpoint: string,
    query: Record<string, string>,
    signal: AbortSignal,
    translate: (body: unknown) => T,
  ): Promise<Reported<T>> => {
    if (apiKey === null) throw keyMissing()
    const url = new URL(`${baseUrl}/${endpoint}`)
    url.search = new URLSearchParams(query).toString()
    const answer = await http.getJson(url, { 'x-api-key': apiKey }, signal)
    const failure = failureOf(answer, endpoint)
    if (failure) throw failure
    return translateAnswer(answer, translate)
  }

  return {
    name: 'parse',
    creditsPerCall: 1,
    creditsPerCheck: 1,
    index: {
      maxPageSize: MAX_PAGE_SIZE,
      fetchPage: (page, signal) => {
        // The index ignores the picture, so the caller's own is not sent.
        const query = { image_url: INDEX_PICTURE_URL, page: String(page), page_size: String(MAX_PAGE_SIZE) }
        return call('search_by_image', query, signal, parseIndexPage)
      },
    },
    pictures: null,
    keywords: null,
    shops: null,
    extras: null,
    fetchDetails: (offerId, signal) =>
      call('get_product_details', { offer_id: offerId }, signal, body => parseDetails(body, offerId)),
    checkAccess: signal => {
      // Every call is charged, even a rejected one, so this is the smallest one that is sure to succeed.
      const query = { image_url: INDEX_PICTURE_URL, page: '1', page_size: '1' }
      return call('search_by_image', query, signal, body => {
        parseIndexPage(body)
        return []
      })
    },
    close: () => http.close(),
  }
}
