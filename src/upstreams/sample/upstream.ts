/** The upstream `sample`: made-up offers inside the package, to try everything without a key or a network. */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { Reported } from '../../limits/gate/call-report.ts'
import { NOTHING_MORE, type OfferDetails } from '../../offers/offer.ts'
import { parsePrice } from '../../offers/price/price.ts'
import type { Upstream, UpstreamDescriptor } from '../port.ts'

const PAGE_SIZE = 60

const price = z.string().transform((text, context) => {
  const parsed = parsePrice(text)
  if (parsed) return parsed
  context.addIssue('not a price')
  return z.NEVER
})

/** A line of assets/sample/offers.jsonl. */
const sampleOffer = z.object({
  offer_id: z.string(),
  title: z.string(),
  price,
  price_tiers: z.array(z.object({ min_quantity: z.int().min(1), price })),
  skus: z.array(z.object({ name: z.string(), price, stock: z.int().nullable() })),
  moq: z.int().nullable(),
  unit: z.string(),
  shop_name: z.string(),
  city: z.string(),
  province: z.string(),
  picture: z.string(),
})

export const sample: UpstreamDescriptor<unknown> = {
  create: (_settings, { sampleDir }) => createSample(sampleDir),
  keyOf: () => null,
  retries: { byStatus: {} },
  wireMs: 0,
}

/** @param sampleDir the folder of offers.jsonl, which is read at the first call. */
export function createSample(sampleDir: string): Upstream {
  let loading: Promise<OfferDetails[]> | null = null
  const load = () => {
    loading ??= readOffers(path.join(sampleDir, 'offers.jsonl'))
    return loading
  }

  return {
    name: 'sample',
    creditsPerCall: 0,
    creditsPerCheck: 0,
    index: {
      maxPageSize: PAGE_SIZE,
      fetchPage: async page => {
        const offers = await load()
        return free({ offers: offers.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), totalFound: offers.length })
      },
    },
    pictures: null,
    keywords: null,
    shops: null,
    extras: null,
    fetchDetails: async offerId => {
      const offer = (await load()).find(candidate => candidate.offerId === offerId)
      if (offer) return free(offer)
      throw new AppError({
        code: 'not_found',
        message: `The sample catalogue has no offer ${offerId}.`,
        hint: 'Use an offer_id that search_by_image returned.',
      })
    },
    checkAccess: async () => {
      await load()
      return free([])
    },
    close: async () => {},
  }
}

async function readOffers(file: string): Promise<OfferDetails[]> {
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  return lines.map(line => toDetails(sampleOffer.parse(JSON.parse(line))))
}

function toDetails(row: z.output<typeof sampleOffer>): OfferDetails {
  const imageUrl = `sample:${row.picture}`
  return {
    offerId: row.offer_id,
    title: row.title,
    price: row.price,
    moq: row.moq,
    unit: row.unit,
    shopName: row.shop_name,
    city: row.city,
    province: row.province,
    imageUrl,
    images: [imageUrl],
    priceTiers: row.price_tiers.map(tier => ({ minQuantity: tier.min_quantity, price: tier.price })),
    skus: row.skus.map(sku => ({ skuId: null, ...sku })),
    ...NOTHING_MORE,
  }
}

function free<T>(value: T): Reported<T> {
  return { value, report: { kind: 'answered', status: 200, headersAtMs: 0, creditsCharged: 0 } }
}
