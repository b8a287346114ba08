/** Owns how a search is written: the JSON schema and value, and the text made from that value alone. */
import { z } from 'zod'
import type { RankedOffer, SearchResult } from '../offers/result.ts'
import { countThatFit, REPLY_MAX_TOKENS } from './budgets.ts'
import { linkOf } from './links.ts'
import { creditsSchema, provenanceLine, shapeCredits, shapeSource, sourceSchema } from './provenance.ts'
import { noteOf } from './remarks.ts'
import { cell, known } from './values.ts'

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
  likeness: z.string().optional(),
  image_url: z.string().optional(),
  detail_url: z.string().optional(),
  province: z.string().optional(),
  moq: z.int().min(1).max(1e9).optional(),
  unit: z.string().optional(),
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
    match: { method, compared, known: result.match.known, ...known({ embedder, best }) },
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
    title: offer.title,
    ...known({ price: offer.price?.text, shop_name: offer.shopName, city: offer.city }),
    ...known({ similarity: similarity === null ? null : Math.round(similarity * 100) / 100, likeness }),
    ...(format === 'concise'
      ? {}
      : known({
          image_url: offer.imageUrl,
          detail_url: linkOf(offer.offerId, source),
          province: offer.province,
          moq: offer.moq,
          unit: offer.unit,
        })),
    ...(source === upstream ? {} : { from: source }),
  }
}

function table(value: SearchValue): string[] {
  if (value.products.length === 0) return ['(no offers)']
  const detailed = value.products.some(
    product => product.image_url ?? product.detail_url ?? product.moq ?? product.province,
  )
  const head = [
    'offer_id',
    'likeness',
    'price CNY',
    'city',
    'shop',
    'title',
    ...(detailed ? ['MOQ', 'province', 'picture', 'link'] : []),
  ]
  const rows = value.products.map(product => {
    const likeness = [product.similarity?.toFixed(2), product.likeness].filter(part => part !== undefined).join(' ')
    const moq = product.moq === undefined ? undefined : `${product.moq} ${product.unit ?? ''}`.trim()
    const offerId = product.from ? `${product.offer_id} (${product.from})` : product.offer_id
    return [
      ...[offerId, likeness || undefined, product.price, product.city, product.shop_name, product.title],
      ...(detailed ? [moq, product.province, product.image_url, product.detail_url] : []),
    ].map(cell)
  })
  return [head.join(' | '), ...rows.map(row => row.join(' | '))]
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
