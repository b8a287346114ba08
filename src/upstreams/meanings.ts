/** The failures that every upstream words alike. */
import type { AppErrorParts } from '../errors.ts'

/** What an upstream's status or code means to a caller; `retryable` says whether the same call can succeed later. */
export type Meaning = Pick<AppErrorParts, 'code' | 'message' | 'hint' | 'retryable' | 'ofOneItem'>

export const LATER_HINT = 'Try again later. Cached details and the catalogue still work.'

export const UPDATE_HINT = 'Update mcp-1688: the API may have changed. Repeating the call will not help.'

export const OFFER_GONE: Meaning = {
  code: 'not_found',
  message: 'No such offer on 1688.com: the ID is wrong or the listing was taken down.',
  hint: 'Check the offer_id, or call search_by_image to find offers that are still listed.',
}

/** @param code as the upstream's documentation calls it. */
export function rateLimited(upstream: string, code: string): Meaning {
  return {
    code: 'rate_limited',
    message: `${upstream} rate limit exceeded (${code}).`,
    hint: 'Try again after retry_after_s seconds. Cached details and the catalogue still work.',
    retryable: true,
  }
}

export function internalError(upstream: string, status: number): Meaning {
  return {
    code: 'upstream_unavailable',
    message: `${upstream} returned an internal error (${status}).`,
    hint: LATER_HINT,
    retryable: true,
  }
}
