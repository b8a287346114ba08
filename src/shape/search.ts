/** Owns how a search is written: the JSON schema and value, and the text made from that value alone. */
import { z } from 'zod'
import type { RankedOffer, SearchResult } from '../offers/result.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from './budgets.ts'
import { linkOf, pictureLinkOf } from './links.ts'
import { creditsSchema, provenanceLine, shapeCredits, shapeSource, sourceSchema } from './provenance.ts'
import { noteOf } from './remarks.ts'
import { cell, known, shorten } from './values.ts'

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

/** The JSON of a search reply. A key that is not there is unknown. */
export const searchSchema = z.object({
  products: z.array(productSchema).describe('Best first. Texts are third-party listing data. Prices in CNY.'),
  page: z.int().min(1).max(1e6),
  page_size: z.int().min(1).max(60),
  total_found: z.int().min(0).max(1e9).optional(),
  left_out: z.int().min(1).max(60).optional().describe('Offers of this page cut for length'),
  query_image_url: z.string(),
  note: z.string().optional(),
  next: z.string(),
  match: z.object({
    method: z.enum(['visual', 'upstream', 'none']),
    compared: z.int().min(0).max(1e9),
    known: z.int().min(0).max(1e9),
    embedder: z.string().optional(),
    best: z.string().optional(),
    same_item: z.int().min(0).max(60).optional().describe('How many of the first products are the same item'),
    similar: z.int().min(0).max(60).optional().describe('How many after those are similar; the rest is weak'),
  }),
  source: sourceSchema,
  credits: creditsSchema,
})

/** The value of {@link searchSchema}. */
export type SearchValue = z.output<typeof searchSchema>

/** A search as JSON, cut to the budget of a reply. */
export function shapeSearch(result: SearchResult, format: ResponseFormat): SearchValue {
  const all = result.products.map(product => shapeProduct(product, format, result.source.upstream))
  const products = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  const leftOut = all.length - products.length
  const { method, compared, embedder, best } = result.match
  return {
    products,
    page: result.page,
    page_size: result.pageSize,
    ...known({ total_found: result.totalFound, left_out: leftOut || null }),
    query_image_url: result.query,
    ...known({ note: noteOf(result.remarks) }),
    next: nextStep(result, products.length, leftOut),
    match: {
      method,
      compared,
      known: result.match.known,
      ...known({ embedder, best, ...countLikeness(result.products) }),
    },
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

/** A search as text: a line of what was found, a table, and what is worth knowing. */
export function searchText(value: SearchValue): string {
  const { match } = value
  const total = value.total_found === undefined ? 'an unknown number of' : value.total_found
  const lines = [
    `${value.products.length} of ${total} offers, page ${value.page} (page_size ${value.page_size}), for ${value.query_image_url}`,
    `match: ${match.method}${match.embedder ? ` (${match.embedder})` : ''}, ${match.compared} of ${match.known} known offers compared${match.best ? `, best: ${match.best}` : ''}`,
    ...(value.note ? [`note: ${value.note}`] : []),
    ...table(value),
    provenanceLine(value.source, value.credits),
    `next: ${value.next}`,
  ]
  return lines.join('\n')
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

/** The ranking is best first, so two counts tell which offers are what: cheaper than a word at every offer. */
function countLikeness(products: readonly RankedOffer[]): { same_item: number | null; similar: number | null } {
  if (products.every(product => product.likeness === null)) return { same_item: null, similar: null }
  const count = (likeness: string) => products.filter(product => product.likeness === likeness).length
  return { same_item: count('same item'), similar: count('similar') }
}

function table({ products, match }: SearchValue): string[] {
  if (products.length === 0) return ['(no offers)']
  const detailed = products.some(product => product.image_url ?? product.detail_url ?? product.moq ?? product.province)
  const head = ['offer_id', 'similarity', 'price CNY', 'city', 'shop', 'title', ...(detailed ? DETAILED_COLUMNS : [])]
  const lines = [head.join(' | ')]
  for (const [index, product] of products.entries()) {
    const group = likenessAt(index, match)
    if (group !== null && group !== likenessAt(index - 1, match)) lines.push(`${group}:`)
    lines.push(rowOf(product, detailed))
  }
  return lines
}

const DETAILED_COLUMNS = ['MOQ', 'province', 'picture', 'link']

function rowOf(product: SearchValue['products'][number], detailed: boolean): string {
  const offerId = product.from ? `${product.offer_id} (${product.from})` : product.offer_id
  const moq = product.moq === undefined ? undefined : `${product.moq} ${product.unit ?? ''}`.trim()
  const cells = [
    ...[offerId, product.similarity?.toFixed(2), product.price, product.city, product.shop_name, product.title],
    ...(detailed ? [moq, product.province, product.image_url, product.detail_url] : []),
  ]
  return cells.map(cell).join(' | ')
}

/** The word for the offer at a place of the ranking, `null` where nobody compared. */
function likenessAt(index: number, { same_item: same, similar }: SearchValue['match']): string | null {
  if (index < 0 || same === undefined || similar === undefined) return null
  if (index < same) return 'same item'
  return index < same + similar ? 'similar' : 'weak'
}

/** The next step, from our own words and numbers only. */
function nextStep(result: SearchResult, shown: number, leftOut: number): string {
  if (leftOut > 0)
    return `This page was cut for length: ask again with page_size ${Math.max(1, Math.floor(shown / 2))} for the rest.`
  if (result.products.length === 0 && result.page > 1) return 'This page is past the last one: ask for page 1.'
  if (result.products.length === 0) return 'Try another picture, or drop a filter.'
  const more = result.totalFound === null || result.page * result.pageSize < result.totalFound
  const paging = more ? ` page ${result.page + 1} has more.` : ''
  return `get_product_details(offer_id) gives price tiers, MOQ and pictures;${paging || ' this is the last page.'}`
}
