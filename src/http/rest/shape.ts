/** Offers with the field names and types of the API on Parse. Unknown values are `null`. */
import * as z from 'zod'
import { endsOf } from '../../offers/price/price.ts'
import type { DetailsResult, SearchResult } from '../../offers/results/results.ts'
import { linkOf } from '../../shape/text/links.ts'
import { noteOf } from '../../shape/text/remarks.ts'

const text = z.string().nullable()

export const restSearchSchema = z.object({
  note: z.string().describe('How the picture was compared, and other remarks'),
  page: z.int(),
  products: z
    .array(
      z.object({
        offer_id: z.string(),
        title: z.string(),
        price: text.describe("The seller's text, CNY"),
        image_url: text,
        shop_name: text,
        city: text,
      }),
    )
    .describe('Best first'),
  page_size: z.int(),
  total_found: z.int().nullable(),
  query_image_url: z.string(),
})

export const restDetailsSchema = z.object({
  title: z.string(),
  min_price: text.describe("The seller's text, CNY"),
  max_price: text,
  unit: text,
  moq: z.int().nullable().describe('Minimum order quantity'),
  city: text,
  province: text,
  images: z.array(z.string()),
  detail_url: text,
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
