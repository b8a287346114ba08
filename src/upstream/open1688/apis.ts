/** Owns what the 1688 Open Platform is known to offer: where it is, which of its APIs are used, and how it may be called. */
import type { Allowance } from '../../limits/ledger.ts'
import type { RetryPolicy } from '../../limits/retry.ts'

/** The gateway, without a slash at its end. */
export const OPEN1688_BASE_URL = 'https://gw.open.1688.com/openapi'

/** The APIs that are called, as namespace and name; all have version 1. Each is granted to an application by itself. */
export const APIS = {
  uploadPicture: 'com.alibaba.fenxiao.crossborder/product.image.upload',
  imageQuery: 'com.alibaba.fenxiao.crossborder/product.search.imageQuery',
  similarOffers: 'com.alibaba.linkplus/alibaba.cross.similar.offer.search',
  keywordQuery: 'com.alibaba.fenxiao.crossborder/product.search.keywordQuery',
  productDetail: 'com.alibaba.fenxiao.crossborder/product.search.queryProductDetail',
} as const

/** One of {@link APIS}. */
export type ApiName = keyof typeof APIS

/** The names of all of them. */
export const API_NAMES = ['uploadPicture', 'imageQuery', 'similarOffers', 'keywordQuery', 'productDetail'] as const

/** The name of an API as the platform's console lists it. */
export function consoleName(api: ApiName): string {
  return APIS[api].split('/')[1] ?? api
}

/** No figures are published, and a key counts no credits. */
export const OPEN1688_ALLOWANCE: Allowance = { callsPerMinute: null, creditsPerMonth: null, creditResetDay: null }

/**
 * A 401 is told to come back where the next try has another token, and a 403 where it takes another way to the same answer. How often a refused rate may
 * be tried is our choice: the waits grow from 10 s to 80 s.
 */
export const OPEN1688_RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    401: { maxRetries: 1, onlyWhenTold: true },
    403: { maxRetries: 2, onlyWhenTold: true },
    429: { maxRetries: 3, onlyWhenTold: true },
    500: { maxRetries: 1 },
    502: { maxRetries: 1 },
    503: { maxRetries: 1 },
  },
}
