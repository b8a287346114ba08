/**
 * Cuts the caller's pages out of the upstream's pages: a call costs the same whatever its page size, so it always asks
 * for the largest.
 */
import { AppError, type ErrorCode, withMoreCredits } from '../errors.ts'
import type { OfferSummary } from '../offers/offer.ts'
import type { Fetched } from '../offers/results/fetched.ts'

interface FullPage {
  offers: OfferSummary[]
  totalFound: number | null
  hasMore?: boolean | null
}

/** The page a caller asks for, counted from 1. */
export interface PageWindow {
  page: number
  pageSize: number
}

export interface Rows {
  offers: OfferSummary[]
  /** All offers of the pages fetched. */
  fetched: OfferSummary[]
  totalFound: number | null
  hasMore: boolean
  /** Set if the window is short because the next page of the upstream was not read. */
  unread: UnreadPage | null
}

export interface UnreadPage {
  /** What it costs beyond what this call may spend. */
  credits: number
  /** Why it could not be read; `null` if it was not tried. */
  failure: AppError | null
}

export interface FullPages {
  readonly size: number
  fetch(page: number): Promise<Fetched<FullPage>>
  /** Keeps the offers that a caller wants, best first. Then windows count what is kept, and a failing page ends them. */
  pick?(offers: readonly OfferSummary[]): OfferSummary[]
  /** The price of a page that may not be read, given what was spent; `null` if it may. Not asked for the first. */
  refuse?(page: number, creditsSpent: number): Promise<number | null>
}

/** Failures that end the call, not only the reading of further pages. */
const ENDS_THE_CALL: ReadonlySet<ErrorCode> = new Set(['cancelled', 'deadline_exceeded', 'internal'])

/**
 * Fetches the pages that cover a window, one after another; the answer is as old as the oldest of them.
 * @throws AppError of a page that fails; `creditsSpent` covers all of them.
 */
export async function fetchWindow({ page, pageSize }: PageWindow, pages: FullPages): Promise<Fetched<Rows>> {
  const { size, pick, refuse } = pages
  const first = (page - 1) * pageSize
  const end = first + pageSize
  const rows: Rows = { offers: [], fetched: [], totalFound: null, hasMore: false, unread: null }
  const answer: Fetched<Rows> = {
    value: rows,
    creditsSpent: 0,
    retrievedAt: Number.POSITIVE_INFINITY,
    staleBecause: null,
  }
  // What is kept of the pages before is only known once they are read; mostly they are cached.
  const firstPage = pick ? 1 : Math.floor(first / size) + 1
  let start = (firstPage - 1) * size
  for (let number = firstPage; start < end; number++) {
    const isFirst = number === firstPage
    const price = isFirst ? null : ((await refuse?.(number, answer.creditsSpent)) ?? null)
    const fetched = price === null ? await fetchPage(number, pages, isFirst, answer) : price
    if (typeof fetched === 'number' || fetched instanceof AppError) {
      rows.hasMore = true
      rows.unread = fetched instanceof AppError ? { credits: 0, failure: fetched } : { credits: fetched, failure: null }
      break
    }
    const { value } = fetched
    answer.creditsSpent += fetched.creditsSpent
    answer.retrievedAt = Math.min(answer.retrievedAt, fetched.retrievedAt)
    answer.staleBecause ??= fetched.staleBecause
    const kept = pick ? pick(value.offers) : value.offers
    rows.offers.push(...kept.slice(Math.max(0, first - start), end - start))
    rows.fetched.push(...value.offers)
    rows.totalFound = value.totalFound
    const more = hasMore(value, (number - 1) * size, size)
    rows.hasMore = more || kept.length > end - start
    if (!more) break
    start = pick ? start + kept.length : number * size
  }
  return answer
}

/** @returns the failure of a page that would only fill up the window. */
async function fetchPage(number: number, { fetch, pick }: FullPages, isFirst: boolean, answer: Fetched<Rows>) {
  try {
    return await fetch(number)
  } catch (thrown) {
    const endsCall = isFirst || !pick || !(thrown instanceof AppError) || ENDS_THE_CALL.has(thrown.code)
    if (endsCall) throw withMoreCredits(thrown, answer.creditsSpent)
    answer.creditsSpent += thrown.creditsSpent
    return thrown
  }
}

/** As the upstream reports, else by its total, else by whether the page is full. */
function hasMore({ offers, totalFound, hasMore: reported }: FullPage, start: number, fullSize: number): boolean {
  if (offers.length === 0) return false
  return reported ?? (totalFound === null ? offers.length >= fullSize : start + fullSize < totalFound)
}
