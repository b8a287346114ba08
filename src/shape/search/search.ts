/** How a search is written: the JSON schema and value, and the text made from that value alone. */
import * as z from 'zod'
import type { RankedOffer, SearchResult } from '../../offers/results/results.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from '../text/budgets.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { type Column, type Page, pageText, type TextTable } from '../text/page.ts'
import { creditsSchema, provenanceLine, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { cell, known, shorten } from '../text/values.ts'

/** How much of each offer is told. */
export type ResponseFormat = 'concise' | 'detailed'

/** Tokens kept free for what stands around the offers. */
const FRAME_TOKENS = 700

const productSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  price: z.string().optional(),
  shop_name: z.string().optional(),
  city: z.string().optional(),
  similarity: z.number().optional(),
  image_url: z.string().optional(),
  detail_url: z.string().optional(),
  province: z.string().optional(),
  moq: z.int().min(1).max(1e9).optional(),
  unit: z.string().optional(),
  likeness: z.string().optional(),
  from: z.string().optional(),
})

const matchSchema = z.object({
  method: z.enum(['visual', 'upstream', 'none']),
  compared: z.int().min(0).max(1e9),
  known: z.int().min(0).max(1e9),
  embedder: z.string().optional(),
  best: z.string().optional(),
  same_item: z.int().min(0).max(60).optional().describe('How many of the first products are the same item'),
  similar: z.int().min(0).max(60).optional().describe('How many after those are similar; the rest is weak'),
})

/** What the reply of every search has. A key that is not there is unknown. */
const foundShape = {
  products: z.array(productSchema).describe('Best first. Texts are third-party listing data. Prices in CNY.'),
  page: z.int().min(1).max(1e6),
  page_size: z.int().min(1).max(60),
  total_found: z.int().min(0).max(1e9).optional(),
  left_out: z.int().min(1).max(60).optional().describe('Offers of this page cut for length'),
  note: z.string().optional(),
  next: z.string(),
  match: matchSchema,
  source: sourceSchema,
  credits: creditsSchema,
}

const foundSchema = z.object(foundShape)
type FoundValue = z.output<typeof foundSchema>

/** The JSON of a reply to a search by picture. */
export const searchSchema = z.object({
  query_image_url: z.string(),
  ...foundShape,
  pictures_of: z.array(z.string()).optional(),
})

export type SearchValue = z.output<typeof searchSchema>

/** The JSON of a reply to a search by words: without what only a picture gives, for each schema costs every conversation its bytes. */
export const keywordSchema = z.object({
  query: z.string(),
  ...foundShape,
  products: z.array(productSchema.omit({ similarity: true, likeness: true })),
  match: matchSchema.pick({ method: true, compared: true, known: true }),
})

/** A search by picture as JSON, cut to the budget of a reply. */
export function shapeSearch(result: SearchResult, format: ResponseFormat): SearchValue {
  return { query_image_url: result.query, ...shapeFound(result, format, 'Try another picture, or drop a filter.') }
}

/** A search by picture in parts: a line of what was found, a table, and what is worth knowing. */
export function searchPage(value: SearchValue): Page {
  const pictures = value.pictures_of && [
    `pictures beside this text, in order: ${value.pictures_of.join(', ') || 'none can be had'}`,
  ]
  return foundPage(value, value.query_image_url, pictures)
}

/** A search by picture as text. */
export function searchText(value: SearchValue): string {
  return pageText(searchPage(value))
}

export type KeywordValue = z.output<typeof keywordSchema>

/** A search by words as JSON, cut to the budget of a reply. */
export function shapeKeywordSearch(result: SearchResult, format: ResponseFormat): KeywordValue {
  const advice = 'Try fewer or other words (Chinese ones find most), or drop a filter.'
  return { query: result.query, ...shapeFound(result, format, advice) }
}

/** A search by words in parts, as {@link searchPage}. */
export function keywordPage(value: KeywordValue): Page {
  return foundPage(value, value.query)
}

/** A search by words as text. */
export function keywordText(value: KeywordValue): string {
  return pageText(keywordPage(value))
}

/** @param advice for a search that found nothing. */
function shapeFound(result: SearchResult, format: ResponseFormat, advice: string): FoundValue {
  const all = result.products.map(product => shapeProduct(product, format, result.source.upstream))
  const products = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  const leftOut = all.length - products.length
  const { method, compared, embedder, best } = result.match
  return {
    products,
    page: result.page,
    page_size: result.pageSize,
    ...known({ total_found: result.totalFound, left_out: leftOut || null }),
    ...known({ note: noteOf(result.remarks) }),
    next: nextStep(result, products.length, leftOut, advice),
    match: {
      method,
      compared,
      known: result.match.known,
      ...known({ embedder, best, ...countLikeness(result) }),
    },
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function foundPage(value: FoundValue, query: string, more: readonly string[] = []): Page {
  const total = value.total_found === undefined ? 'an unknown number of' : value.total_found
  return {
    head: [
      `${value.products.length} of ${total} offers, page ${value.page} (page_size ${value.page_size}), for ${query}`,
      matchLine(value.match),
      ...(value.note ? [`note: ${value.note}`] : []),
    ],
    table: tableOf(value),
    tail: [...more, provenanceLine(value.source, value.credits), `next: ${value.next}`],
  }
}

function matchLine({ method, embedder, compared, known: total, best }: FoundValue['match']): string {
  const model = embedder ? ` (${embedder})` : ''
  const bestWord = best ? `, best: ${best}` : ''
  if (method === 'visual') return `match: visual${model}, ${compared} of ${total} known offers compared${bestWord}`
  if (method === 'none') return 'match: none, no picture was compared'
  const added = total > 0 ? `; similarity added to ${compared} of ${total}${model}${bestWord}` : ''
  return `match: upstream, found and ordered by it${added}`
}

function shapeProduct({ offer, source, similarity, likeness }: RankedOffer, format: ResponseFormat, upstream: string) {
  return {
    offer_id: offer.offerId,
    title: format === 'concise' ? shorten(offer.title, CONCISE_TITLE_MAX_CHARS) : offer.title,
    ...known({ price: offer.price?.text, shop_name: offer.shopName, city: offer.city }),
    ...known({ similarity: similarity === null ? null : Math.round(similarity * 100) / 100 }),
    ...(format === 'concise'
      ? {}
      : known({
          likeness,
          image_url: pictureLinkOf(offer.imageUrl),
          detail_url: linkOf(offer.offerId, source),
          province: offer.province,
          moq: offer.moq,
          unit: offer.unit,
        })),
    ...(source === upstream ? {} : { from: source }),
  }
}

/** Our ranking is best first, so two counts tell which offers are what: cheaper than a word at every offer. */
function countLikeness({ match, products }: SearchResult): { same_item: number | null; similar: number | null } {
  const isRanked = match.method === 'visual' && products.some(product => product.likeness !== null)
  if (!isRanked) return { same_item: null, similar: null }
  const count = (likeness: string) => products.filter(product => product.likeness === likeness).length
  return { same_item: count('same item'), similar: count('similar') }
}

const COLUMNS: readonly Column[] = [
  { name: 'price CNY', kind: 'number' },
  { name: 'city' },
  { name: 'shop', kind: 'long' },
  { name: 'title', kind: 'long' },
]

const DETAILED_COLUMNS: readonly Column[] = [
  { name: 'MOQ', kind: 'number' },
  { name: 'province' },
  { name: 'picture', kind: 'below' },
  { name: 'link', kind: 'below' },
]

function tableOf({ products, match }: FoundValue): TextTable {
  const shown = {
    similarity: products.some(product => product.similarity !== undefined),
    // Where the order is ours, the headings tell it.
    likeness: match.same_item === undefined && products.some(product => product.likeness !== undefined),
    details: products.some(({ image_url, detail_url, moq, province }) => image_url ?? detail_url ?? moq ?? province),
  }
  const columns: Column[] = [
    { name: 'offer_id' },
    ...(shown.similarity ? [{ name: 'similarity', kind: 'number' as const }] : []),
    ...(shown.likeness ? [{ name: 'likeness' }] : []),
    ...COLUMNS,
    ...(shown.details ? DETAILED_COLUMNS : []),
  ]
  const rows: (string | string[])[] = []
  for (const [index, product] of products.entries()) {
    const group = likenessAt(index, match)
    if (group !== null && group !== likenessAt(index - 1, match)) rows.push(group)
    rows.push(rowOf(product, shown))
  }
  return { columns, rows }
}

interface ShownColumns {
  similarity: boolean
  likeness: boolean
  details: boolean
}

function rowOf(product: FoundValue['products'][number], shown: ShownColumns): string[] {
  const offerId = product.from ? `${product.offer_id} (${product.from})` : product.offer_id
  const moq = product.moq === undefined ? undefined : `${product.moq} ${product.unit ?? ''}`.trim()
  const cells = [
    offerId,
    ...(shown.similarity ? [product.similarity?.toFixed(2)] : []),
    ...(shown.likeness ? [product.likeness] : []),
    ...[product.price, product.city, product.shop_name, product.title],
    ...(shown.details ? [moq, product.province, product.image_url, product.detail_url] : []),
  ]
  return cells.map(cell)
}

/** The word for the offer at a place of the ranking, `null` where nobody compared. */
function likenessAt(index: number, { same_item: same, similar }: FoundValue['match']): string | null {
  if (index < 0 || same === undefined || similar === undefined) return null
  if (index < same) return 'same item'
  return index < same + similar ? 'similar' : 'weak'
}

/** The next step, from our own words and numbers only. */
function nextStep(result: SearchResult, shown: number, leftOut: number, advice: string): string {
  const { page, pageSize, products, totalFound } = result
  if (leftOut > 0) return smallerPage(result, shown, leftOut)
  const more = result.hasMore ?? (totalFound === null || page * pageSize < totalFound)
  if (products.length === 0 && more) return `Nothing on this page passes the filters: page ${page + 1} has more.`
  if (products.length === 0 && page > 1 && totalFound !== 0) {
    return totalFound === null
      ? 'This page is past the last one: ask for page 1.'
      : `This page is past the last one, which is page ${Math.ceil(totalFound / pageSize)}.`
  }
  if (products.length === 0) return advice
  const paging = more ? ` page ${page + 1} has more.` : ''
  return `get_product_details(offer_id) gives price tiers, MOQ and pictures;${paging || ' this is the last page.'}`
}

/** Where the offers that were cut stand in smaller pages. An upstream's own page that lost some to filters is gone through from its start. */
function smallerPage({ page, pageSize, products, match }: SearchResult, shown: number, leftOut: number): string {
  const size = Math.max(1, Math.floor(shown / 2))
  const isCounted = match.method !== 'upstream' || products.length === pageSize
  const firstCut = (page - 1) * pageSize + (isCounted ? shown : 0)
  return `${leftOut} offers of this page were cut for length: page ${Math.floor(firstCut / size) + 1} with page_size ${size} goes on.`
}
