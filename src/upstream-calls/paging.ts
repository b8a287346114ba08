/**
 * Cuts the caller's pages out of the upstream's pages: a call costs the same whatever its page size, so it always asks
 * for the largest.
 */
import { withMoreCredits } from '../errors.ts'
import type { OfferSummary } from '../offers/offer.ts'
import type { Fetched } from '../offers/results/fetched.ts'

interface FullPage {
  offers: OfferSummary[]
  totalFound: number | null
  hasMore?: boolean | null
}

/** The page a caller asks for, counted from 1. */
export interface Window {
  page: number
  pageSize: number
}

export interface Rows {
  offers: OfferSummary[]
  /** All offers of the pages fetched. */
  fetched: OfferSummary[]
  totalFound: number | null
  hasMore: boolean
}

/**
 * Fetches the pages that cover a window, one after another; the answer is as old as the oldest of them.
 * @throws AppError of the first page that fails; `creditsSpent` covers all of them.
 */
export async function fetchWindow(
  { page, pageSize }: Window,
  fullSize: number,
  fetchPage: (page: number) => Promise<Fetched<FullPage>>,
): Promise<Fetched<Rows>> {
  const first = (page - 1) * pageSize
  const end = first + pageSize
  const rows: Rows = { offers: [], fetched: [], totalFound: null, hasMore: false }
  const answer: Fetched<Rows> = {
    value: rows,
    creditsSpent: 0,
    retrievedAt: Number.POSITIVE_INFINITY,
    staleBecause: null,
  }
  for (let number = Math.floor(first / fullSize) + 1; (number - 1) * fullSize < end; number++) {
    const { value, ...fetched } = await fetchPage(number).catch(thrown => {
      throw withMoreCredits(thrown, answer.creditsSpent)
    })
    answer.creditsSpent += fetched.creditsSpent
    answer.retrievedAt = Math.min(answer.retrievedAt, fetched.retrievedAt)
    answer.staleBecause ??= fetched.staleBecause
    const start = (number - 1) * fullSize
    rows.offers.push(...value.offers.slice(Math.max(0, first - start), end - start))
    rows.fetched.push(...value.offers)
    rows.totalFound = value.totalFound
    const more = hasMore(value, start, fullSize)
    rows.hasMore = more || value.offers.length > end - start
    if (!more) break
  }
  return answer
}

/** As the upstream reports, else by its total, else by whether the page is full. */
function hasMore({ offers, totalFound, hasMore: reported }: FullPage, start: number, fullSize: number): boolean {
  if (offers.length === 0) return false
  return reported ?? (totalFound === null ? offers.length >= fullSize : start + fullSize < totalFound)
}
