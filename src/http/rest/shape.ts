/** Offers with the field names and types of the API on Parse. Unknown values are `null`. */
import * as z from 'zod'
import { endsOf } from '../../offers/price/price.ts'
import type { DetailsResult, SearchResult } from '../../offers/results/results.ts'
import { linkOf } from '../../shape/text/links.ts'
import { noteOf } from '../../shape/text/remarks.ts'

const text = z.string().nullable()

export const restSearchSchema = z.object({
  note: z.string().describe('How the picture was compared, and other remarks'),
  page: z.int().describe('From 1'),
  products: z
    .array(
      z.object({
        offer_id: z.string().describe('Of the listing on 1688.com'),
        title: z.string().describe("The seller's, in Chinese"),
        price: text.describe("The seller's text, CNY"),
        image_url: text.describe('Of the main picture'),
        shop_name: text.describe("The seller's shop"),
        city: text.describe('Of the seller'),
      }),
    )
    .describe('Best first'),
  page_size: z.int().describe('Offers on a full page'),
  total_found: z.int().nullable().describe('Offers that can be paged through'),
  query_image_url: z.string().describe('The picture as it was given, shortened'),
})

export const restDetailsSchema = z.object({
  title: z.string().describe("The seller's, in Chinese"),
  min_price: text.describe("The seller's text, CNY"),
  max_price: text.describe('Likewise; the same for a single price'),
  unit: text.describe('What is counted, such as 个 (piece)'),
  moq: z.int().nullable().describe('Minimum order quantity'),
  city: text.describe('Of the seller'),
  province: text.describe('Of the seller'),
  images: z.array(z.string()).describe('Addresses of pictures, the main one first'),
  detail_url: text.describe('The listing on 1688.com'),
})

export function restSearch(result: SearchResult): z.input<typeof restSearchSchema> {
  return {
    note: [matchNote(result), noteOf(result.remarks)].filter(part => part !== null).join(' '),
    page: result.page,
    products: result.products.map(({ offer }) => ({
      offer_id: offer.offerId,
      title: offer.title,
      price: offer.price?.text ?? null,
      image_url: webAddress(offer.imageUrl),
      shop_name: offer.shopName,
      city: offer.city,
    })),
    page_size: result.pageSize,
    total_found: result.totalFound,
    query_image_url: result.query,
  }
}

export function restDetails({ details, source }: DetailsResult): z.input<typeof restDetailsSchema> {
  const [minPrice, maxPrice] = details.price === null ? [null, null] : endsOf(details.price)
  return {
    title: details.title,
    min_price: minPrice,
    max_price: maxPrice,
    unit: details.unit,
    moq: details.moq,
    city: details.city,
    province: details.province,
    images: details.images.map(webAddress).filter(url => url !== null),
    detail_url: linkOf(details.offerId, source.upstream),
  }
}

function matchNote({ match }: SearchResult): string {
  if (match.method === 'none') return 'A page of the index in its original order; no picture was compared.'
  const best = match.best === null ? '' : ` Best match: ${match.best}.`
  return `The picture was compared with ${match.compared} of ${match.known} known offers.${best}`
}

/** Pictures inside the package have no public URL. */
function webAddress(url: string | null): string | null {
  return url !== null && /^https?:/.test(url) ? url : null
}
