/** Finds offers for several products within one budget, and the suppliers that have several of them. */
import { AppError, asAppError, partsOf, throwIfAborted, withMoreCredits } from '../../errors.ts'
import type { OfferFilters } from '../../offers/filters.ts'
import { NOTHING_MORE, type OfferSummary } from '../../offers/offer.ts'
import { type Quote, quoteOffer } from '../../offers/quote.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { RankedOffer, Remark, SearchResult } from '../../offers/results/results.ts'
import type { SourcedProduct, SourceManyResult } from '../../offers/results/source-many-result.ts'
import { sharedSuppliers } from '../../offers/shared-suppliers.ts'
import { cleanText } from '../../offers/text.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import { createQueryPictures, type QueryPictureDeps } from '../search/photos/query-picture.ts'
import type { ImageSearch } from '../search/search-by-image.ts'
import { keywordOf, type WordSearch } from '../search/search-by-keyword.ts'
import { createPriceSearch, type PriceSearchDeps } from './price-search.ts'

/** Products searched at a time: photos take time to convert and to compare, and lie in memory meanwhile. */
const AT_ONCE = 4

/** One page of most upstreams. */
const OFFERS_READ = 20

const LABEL_MAX_CHARS = 60

export type WantedProduct = ({ image: string } | { keyword: string }) & {
  /** Units; `null` for the smallest order of each offer. */
  quantity: number | null
}

export interface SourceManyRequest {
  products: readonly WantedProduct[]
  filters: OfferFilters
  /** For all of them. */
  maxCredits: number
  /** Only price the searches. */
  dryRun: boolean
  /** Milliseconds after which no more is begun; `null`: no limit. */
  budgetMs: number | null
}

export interface SourceManyDeps extends PriceSearchDeps, QueryPictureDeps {
  searchByImage: (request: ImageSearch, call: CallOptions) => Promise<SearchResult>
  searchByKeyword: (request: WordSearch, call: CallOptions) => Promise<SearchResult>
  now: () => number
}

interface Outcome {
  product: SourcedProduct
  spent: number
  /** `null` if nothing was searched. */
  result: SearchResult | null
}

export function createSourceMany(deps: SourceManyDeps) {
  const { upstreams, searchByImage, searchByKeyword, now } = deps
  const price = createPriceSearch(deps)
  const pictures = createQueryPictures(deps)

  return async function sourceMany(request: SourceManyRequest, caller: CallOptions): Promise<SourceManyResult> {
    const call = { ...caller, payer: limitCredits(request.maxCredits, caller.payer) }
    const total = request.products.length
    let done = 0
    const one = async (wanted: WantedProduct, signal: AbortSignal): Promise<Outcome> => {
      const outcome = await attempt(wanted, request, { ...call, signal, onProgress: undefined }, caller.signal)
      done += 1
      caller.onProgress?.({ done, total, message: `${done} of ${total} products` })
      return outcome
    }
    const all = (signal: AbortSignal) => inTurns(request.products, wanted => one(wanted, signal))
    const outcomes = await (request.budgetMs === null
      ? all(caller.signal)
      : withinTime(request.budgetMs, caller.signal, all))
    throwCommonError(outcomes)
    return {
      products: outcomes.map(({ product }) => product),
      suppliers: sharedSuppliers(outcomes.map(({ product }) => product.offers)),
      isDryRun: request.dryRun,
      maxCredits: request.maxCredits,
      source: sourceOf(outcomes, upstreams, now()),
      credits: { spent: spentBy(outcomes), remaining: await upstreams[0].creditsLeft() },
      remarks: commonRemarks(outcomes),
    }
  }

  /** A product that fails or is not found in time does not affect the others. */
  async function attempt(
    wanted: WantedProduct,
    { filters, dryRun }: SourceManyRequest,
    call: CallOptions,
    caller: AbortSignal,
  ): Promise<Outcome> {
    const blank = blankOf(wanted)
    if (call.signal.aborted) return { product: { ...blank, left: notInTime() }, spent: 0, result: null }
    try {
      if (dryRun) return { product: { ...blank, price: await priceFor(wanted, filters, call) }, spent: 0, result: null }
      const result = await search(wanted, filters, call)
      return { product: productOf(blank, result), spent: result.credits.spent, result }
    } catch (thrown) {
      throwIfAborted(caller, thrown)
      const error = asAppError(thrown)
      if (error.code === 'internal') throw thrown
      const isLate = call.signal.aborted && !error.isUnderWay
      const why = isLate ? { left: notInTime(error) } : isForLater(error) ? { left: error } : { failed: error }
      return { product: { ...blank, ...why }, spent: error.creditsSpent, result: null }
    }
  }

  async function search(wanted: WantedProduct, filters: OfferFilters, call: CallOptions): Promise<SearchResult> {
    const page = { page: 1, pageSize: OFFERS_READ, filters }
    if ('keyword' in wanted) return searchByKeyword({ keyword: wanted.keyword, ...page }, call)
    const { image } = wanted
    // A search does not buy the picture of an offer, unless it may also buy further pages.
    const cost = await pictures.cost(image)
    const creditsSpent = cost === 0 ? 0 : (await pictures.read(image, cost, call)).creditsSpent
    const result = await searchByImage({ image, ...page }, call).catch(error => {
      throw withMoreCredits(error, creditsSpent)
    })
    return { ...result, credits: { ...result.credits, spent: result.credits.spent + creditsSpent } }
  }

  async function priceFor(wanted: WantedProduct, filters: OfferFilters, call: CallOptions): Promise<number> {
    if ('keyword' in wanted) return price.ofWords(keywordOf(wanted.keyword), filters, call)
    const cost = await pictures.cost(wanted.image)
    if (cost > 0) return cost + upstreams[0].creditsPerCall
    return price.ofPicture((await pictures.read(wanted.image, 0, call)).picture, filters, call)
  }
}

/** In the order of `items`, though several are worked on at a time. */
async function inTurns<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const { default: pLimit } = await import('p-limit')
  const limit = pLimit(AT_ONCE)
  return Promise.all(items.map(item => limit(work, item)))
}

function blankOf(wanted: WantedProduct): SourcedProduct {
  const nothing = { offers: [], best: null, price: null, left: null, failed: null, remarks: [] }
  const { quantity } = wanted
  if ('keyword' in wanted) {
    return { query: cleanText(wanted.keyword, LABEL_MAX_CHARS) ?? '', isPhoto: false, quantity, ...nothing }
  }
  return { query: labelOf(wanted.image), isPhoto: true, quantity, ...nothing }
}

/** Until it is read: the name of a file, the end of an address. */
function labelOf(image: string): string {
  if (/^\s*(?:data|image\/[\w.+-]+\s*;)/i.test(image)) return 'data: URL'
  const name = /^\s*https?:/i.test(image) ? image : (image.split(/[\\/]/).at(-1) ?? image)
  const end = name.length > LABEL_MAX_CHARS ? `…${name.slice(1 - LABEL_MAX_CHARS)}` : name
  return cleanText(end, LABEL_MAX_CHARS) ?? ''
}

function productOf(blank: SourcedProduct, { products, query, match, remarks }: SearchResult): SourcedProduct {
  const { quantity, isPhoto } = blank
  const offers = products.map((ranked: RankedOffer) => ({ ...ranked, quote: quoteSummary(ranked.offer, quantity) }))
  const stopped = remarks.filter(remark => remark.kind === 'upstream_failed').find(isForLater)
  return {
    ...blank,
    query: isPhoto ? (cleanText(query, LABEL_MAX_CHARS) ?? '') : query,
    offers,
    best: match.best,
    // What is known is shown, but the upstream was not asked.
    left: stopped ? new AppError(stopped) : null,
    remarks: remarks.filter(remark => isOfOne(remark) && remark !== stopped),
  }
}

/** By the rules of a details reply, as far as a search says. */
function quoteSummary(offer: OfferSummary, quantity: number | null): Quote {
  const details = { ...NOTHING_MORE, images: [], skus: [], ...offer, priceTiers: offer.priceTiers ?? [] }
  return quoteOffer(details, { quantity, variant: null })
}

const OF_ONE: ReadonlySet<Remark['kind']> = new Set([
  ...(['picture_cut', 'nothing_alike', 'several_things'] as const),
  ...(['page_failed', 'upstream_failed', 'filtered'] as const),
])

function isOfOne({ kind }: Remark): boolean {
  return OF_ONE.has(kind)
}

/** The same remark on several searches is one; what only concerns paging is left out. */
function commonRemarks(outcomes: readonly Outcome[]): Remark[] {
  const remarks = outcomes.flatMap(({ result }) => result?.remarks ?? [])
  const common = remarks.filter(remark => !isOfOne(remark) && !OF_PAGES.has(remark.kind))
  return [...new Map(common.map(remark => [JSON.stringify(remark), remark])).values()]
}

const OF_PAGES: ReadonlySet<Remark['kind']> = new Set(['more_unread', 'sorted', 'pictures_pending'])

/** The same call can find it later: with more credits, or when the upstream answers again. */
function isForLater({ retryable, code }: Pick<AppError, 'retryable' | 'code'>): boolean {
  return retryable || code === 'credits_exhausted'
}

function notInTime(cause?: AppError): AppError {
  return new AppError({
    ...(cause ? partsOf(cause) : {}),
    code: 'deadline_exceeded',
    message: 'There was no time left for it in this call.',
    hint: 'Call again with the same arguments.',
    retryable: true,
  })
}

function spentBy(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((sum, { spent }) => sum + spent, 0)
}

function sourceOf(outcomes: readonly Outcome[], upstreams: UpstreamClients, now: number) {
  const sources = outcomes.flatMap(({ result }) => (result ? [result.source] : []))
  const times = sources.map(({ retrievedAt }) => retrievedAt).filter(time => time !== null)
  const names = new Set(sources.map(({ upstream }) => upstream))
  const upstream = names.size === 0 ? upstreams[0].name : [...names].join(', ')
  const retrievedAt = times.length === 0 ? null : Math.min(...times)
  const isStale = sources.some(({ stale }) => stale)
  return sourceReport(upstream, retrievedAt, now, isStale)
}

/** If all fail for one reason, the call fails with it: a missing key is not reported twelve times. */
function throwCommonError(outcomes: readonly Outcome[]): void {
  const [first, ...others] = outcomes.map(({ product }) => product.failed)
  if (!first || others.some(error => error?.code !== first.code)) return
  throw new AppError({ ...partsOf(first), creditsSpent: spentBy(outcomes) })
}
