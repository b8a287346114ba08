import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { rangeOf } from '../../offers/price/money.ts'
import { quotedText } from '../../offers/price/pack.ts'
import type { InCurrency } from '../../offers/results/in-currency.ts'
import { LIKENESSES, type Likeness, type RankedOffer, type SearchResult } from '../../offers/results/results.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, JUDGED_TITLE_MAX_CHARS, REPLY_MAX_TOKENS } from '../text/budgets.ts'
import { currencyLines, lowestPriceIn, shapeCurrency } from '../text/currency.ts'
import { briefEvidence, evidenceText, shapeEvidence } from '../text/evidence.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { type Page, pageText } from '../text/page.ts'
import { provenanceLine, shapeCredits, shapeSource } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { counted, omitUnknown, roundedSimilarity, shorten } from '../text/values.ts'
import type { KeywordValue, ResultValue, SearchValue } from './schema.ts'
import { tableOf } from './table.ts'

export type ResponseFormat = 'concise' | 'detailed'

/** Tokens reserved for everything except the offers. */
const FRAME_TOKENS = 700

/** JSON, cut to the budget of a reply. */
export function shapeSearch(result: InCurrency<SearchResult>, format: ResponseFormat): SearchValue {
  return { query_image_url: result.query, ...shapeResult(result, format, 'Try another picture or remove a filter.') }
}

export function searchPage(value: SearchValue): Page {
  const pictures = value.pictures_of && [
    `pictures attached, in order: ${value.pictures_of.join(', ') || 'none available'}`,
  ]
  return resultPage(value, value.query_image_url, pictures)
}

export function searchText(value: SearchValue): string {
  return pageText(searchPage(value))
}

/** JSON, cut to the budget of a reply. */
export function shapeKeywordSearch(result: InCurrency<SearchResult>, format: ResponseFormat): KeywordValue {
  const advice = 'Try fewer or different words (Chinese words find most), or remove a filter.'
  return { query: result.query, ...shapeResult(result, format, advice) }
}

export function keywordPage(value: KeywordValue): Page {
  return resultPage(value, value.query)
}

export function keywordText(value: KeywordValue): string {
  return pageText(keywordPage(value))
}

/** @param advice what to try if nothing was found. */
function shapeResult(result: InCurrency<SearchResult>, format: ResponseFormat, advice: string): ResultValue {
  const likenessCounts = countLikeness(result)
  const saysLikeness = result.match.method === 'visual' && likenessCounts.similar === null
  const all = result.products.map(product => shapeProduct(product, format, result, saysLikeness))
  const products = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  const leftOut = all.length - products.length
  const { method, compared, embedder, best } = result.match
  return {
    products,
    page: result.page,
    page_size: result.pageSize,
    ...omitUnknown({ total_found: result.totalFound, left_out: leftOut || null }),
    ...(result.otherCurrency && { currency: shapeCurrency(result.otherCurrency) }),
    ...omitUnknown({ note: noteOf(result.remarks) }),
    next: nextStep(result, products.length, leftOut, advice),
    match: {
      method,
      compared,
      known: result.match.known,
      ...omitUnknown({ embedder, best, ...likenessCounts }),
    },
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function resultPage(value: ResultValue, query: string, more: readonly string[] = []): Page {
  const { products, page, match } = value
  const nearest = match.best === 'similar' || match.best === 'not alike' ? 'No close match; the nearest are ' : ''
  return {
    head: [
      `${nearest}${products.length} of ${counted(value.total_found, 'offer')}, page ${page} (page_size ${value.page_size}), for ${query}`,
      matchLine(match, page),
      ...(value.note ? [`note: ${value.note}`] : []),
    ],
    table: tableOf(value),
    tail: [
      ...more,
      ...currencyLines(value.currency),
      provenanceLine(value.source, value.credits),
      `next: ${value.next}`,
    ],
  }
}

function matchLine({ method, embedder, compared, known: total, best }: ResultValue['match'], page: number): string {
  const model = embedder ? ` (${embedder})` : ''
  const where = method === 'upstream' ? ' of all found' : page > 1 ? ' on page 1' : ''
  const bestWord = best ? `, best${where}: ${best}` : ''
  if (method === 'visual')
    return `match: visual${model}, ${compared} of ${counted(total, 'known offer')} compared${bestWord}`
  if (method === 'none') return 'match: none, no pictures compared'
  const added = total > 0 ? `; similarity added to ${compared} of ${total}${model}${bestWord}` : ''
  return `match: found and ordered by the upstream${added}`
}

function shapeProduct(
  ranked: RankedOffer,
  format: ResponseFormat,
  { source: answered, otherCurrency }: InCurrency<SearchResult>,
  saysLikeness: boolean,
) {
  const { offer, source, similarity, likeness, unlisted } = ranked
  const isConcise = format === 'concise'
  const known = evidenceOf(offer)
  const evidence = isConcise ? briefEvidence(known) : evidenceText(shapeEvidence(known))
  return {
    offer_id: offer.offerId,
    title: isConcise
      ? shorten(offer.title, evidence === '' ? CONCISE_TITLE_MAX_CHARS : JUDGED_TITLE_MAX_CHARS)
      : offer.title,
    ...omitUnknown({
      price: offer.price?.text,
      price_other: lowestPriceIn(otherCurrency, offer.price && rangeOf(offer.price)),
      quoted: quotedText(offer),
    }),
    ...omitUnknown({ shop_name: offer.shopName, city: offer.city }),
    ...omitUnknown({ similarity: roundedSimilarity(similarity) }),
    ...omitUnknown({ evidence: evidence || null, unlisted: unlistedText(unlisted) }),
    ...(saysLikeness || !isConcise ? omitUnknown({ likeness }) : {}),
    ...(isConcise
      ? {}
      : omitUnknown({
          title_translated: offer.titleTranslated,
          image_url: pictureLinkOf(offer.imageUrl),
          detail_url: linkOf(offer.offerId, source),
          province: offer.province,
          moq: offer.moq,
          unit: offer.unit,
        })),
    ...(source === answered.upstream ? {} : { from: source }),
  }
}

/**
 * Where a ranking is in the order of likeness, three counts say how close each offer is; a word for each would cost
 * more tokens.
 */
function countLikeness({ match, products }: SearchResult) {
  const none = { same_item: null, probably_same_item: null, similar: null }
  const isRanked = match.method === 'visual' && products.some(product => product.likeness !== null)
  if (!isRanked) return none
  const ranks = products.map(({ likeness }) => LIKENESSES.indexOf(likeness ?? 'not alike'))
  if (ranks.some((rank, index) => rank < (ranks[index - 1] ?? 0))) return none
  const count = (likeness: Likeness) => products.filter(product => product.likeness === likeness).length
  return {
    same_item: count('same item'),
    probably_same_item: count('probably the same item'),
    similar: count('similar'),
  }
}

function unlistedText(unlisted: RankedOffer['unlisted']): string | null {
  return unlisted.length === 0 ? null : `${unlisted.join(', ')} not listed`
}

/** No listing text goes in: an agent follows this line. */
function nextStep(result: SearchResult, shown: number, leftOut: number, advice: string): string {
  const { page, pageSize, products, totalFound } = result
  if (leftOut > 0) return smallerPage(result, shown, leftOut)
  if (result.unread) return lookFurther(result.unread, products.length)
  const more = result.hasMore ?? (totalFound === null || page * pageSize < totalFound)
  if (products.length === 0 && more) return `No offer on this page matches the filters; page ${page + 1} has more.`
  if (products.length === 0 && page > 1 && totalFound !== 0) {
    return totalFound === null
      ? 'This page is past the last one; ask for page 1.'
      : `This page is past the last one, which is page ${Math.ceil(totalFound / pageSize)}.`
  }
  if (products.length === 0) return advice
  const paging = more ? ` page ${page + 1} has more.` : ''
  return `get_product_details(offer_id) gives price tiers, MOQ and pictures;${paging || ' this is the last page.'}`
}

function lookFurther({ credits }: { credits: number }, shown: number): string {
  const how = credits === 0 ? 'repeat this call' : `repeat this call with max_credits: ${credits}`
  return shown === 0 ? `No offer looked at so far matches; ${how} to look further.` : `To fill this page, ${how}.`
}

/**
 * The smaller page on which the cut offers begin. If filters removed offers from an upstream's own page, it starts
 * over.
 */
function smallerPage({ page, pageSize, products, match }: SearchResult, shown: number, leftOut: number): string {
  const size = Math.max(1, Math.floor(shown / 2))
  const isCounted = match.method !== 'upstream' || products.length === pageSize
  const firstCut = (page - 1) * pageSize + (isCounted ? shown : 0)
  return `${counted(leftOut, 'offer')} cut for length; continue with page ${Math.floor(firstCut / size) + 1} and page_size ${size}.`
}
