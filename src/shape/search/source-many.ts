import * as z from 'zod'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatRange } from '../../offers/price/money.ts'
import type { InCurrency } from '../../offers/results/in-currency.ts'
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import type {
  PricedOffer,
  SharedSupplier,
  SourcedProduct,
  SourceManyResult,
} from '../../offers/results/source-many-result.ts'
import { CONCISE_SHOP_MAX_CHARS, JUDGED_TITLE_MAX_CHARS } from '../text/budgets.ts'
import { currencySchema, lowestPriceIn, shapeCurrency } from '../text/currency.ts'
import { briefEvidence } from '../text/evidence.ts'
import { creditsSchema, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { counted, omitUnknown, roundedSimilarity, shorten } from '../text/values.ts'

/** Further suppliers of several products are only counted. */
const MAX_SUPPLIERS = 8

const offerSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  unit_price: z.string().optional(),
  /** In the other currency. */
  unit_other: z.string().optional(),
  order_quantity: z.int().optional(),
  order_total: z.string().optional(),
  moq: z.int().optional(),
  shop_name: z.string().optional(),
  city: z.string().optional(),
  similarity: z.number().optional(),
  evidence: z.string().optional(),
})

const productSchema = z.object({
  /** From 1, photos first. */
  product: z.int(),
  query: z.string(),
  quantity: z.int().optional(),
  status: z.enum(['found', 'left', 'failed', 'priced']),
  best: z.string().optional(),
  credits: z.number().optional(),
  offers_read: z.int(),
  offers: z.array(offerSchema),
  code: z.string().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
})

const supplierSchema = z.object({
  shop_name: z.string().optional(),
  shop_id: z.string().optional(),
  city: z.string().optional(),
  province: z.string().optional(),
  evidence: z.string().optional(),
  covers: z.array(z.object({ product: z.int(), offer_id: z.string(), unit_price: z.string().optional() })),
  /** Of these offers, in CNY without freight. */
  orders_total: z.string().optional(),
})

/** A missing key is unknown. Texts are third-party listing data. Prices in CNY. */
export const sourceManySchema = z.object({
  products: z.array(productSchema),
  suppliers: z.array(supplierSchema),
  suppliers_left_out: z.int().optional(),
  /** Products for another call. */
  left: z.array(z.int()),
  failed: z.array(z.int()),
  max_credits: z.number(),
  dry_run: z.object({ credits: z.number() }).optional(),
  retry_after_s: z.int().optional(),
  currency: currencySchema.optional(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type SourceManyValue = z.output<typeof sourceManySchema>

/** @param offersEach the length of a shortlist. */
export function shapeSourceMany(result: InCurrency<SourceManyResult>, offersEach: number): SourceManyValue {
  const products = result.products.map((product, index) =>
    shapeProduct(product, index + 1, offersEach, result.otherCurrency),
  )
  const withStatus = (status: string) => products.filter(each => each.status === status).map(each => each.product)
  const waitMs = Math.max(0, ...result.products.map(({ left }) => left?.retryAfterMs ?? 0))
  const price = result.products.reduce((sum, each) => sum + (each.price ?? 0), 0)
  const retryAfterS = Math.ceil(waitMs / 1000)
  return {
    products,
    suppliers: result.suppliers.slice(0, MAX_SUPPLIERS).map(shapeSupplier),
    ...omitUnknown({ suppliers_left_out: Math.max(0, result.suppliers.length - MAX_SUPPLIERS) || null }),
    left: withStatus('left'),
    failed: withStatus('failed'),
    max_credits: result.maxCredits,
    ...omitUnknown({ dry_run: result.isDryRun ? { credits: price } : null, retry_after_s: retryAfterS || null }),
    ...omitUnknown({ note: noteOf(result.remarks) }),
    ...(result.otherCurrency && { currency: shapeCurrency(result.otherCurrency) }),
    next: nextStep(result, price, retryAfterS),
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function shapeProduct(
  product: SourcedProduct,
  number: number,
  offersEach: number,
  currency: OtherCurrency | undefined,
): SourceManyValue['products'][number] {
  const { query, quantity, best, price, offers, left, failed, remarks } = product
  const why = failed ?? left
  // Where there are offers, what the filters left out is of little use.
  const notes = remarks.filter(({ kind }) => kind !== 'filtered' || offers.length === 0)
  return {
    product: number,
    query,
    ...omitUnknown({ quantity }),
    status: statusOf(product),
    ...omitUnknown({ best, credits: price }),
    offers_read: offers.length,
    offers: shortlist(offers)
      .slice(0, offersEach)
      .map(offer => shapeOffer(offer, currency)),
    ...omitUnknown({ code: why?.code, reason: why && reasonOf(why), note: noteOf(notes) }),
  }
}

/** Without what does not look like the product, unless there is nothing else. */
export function shortlist(offers: readonly PricedOffer[]): readonly PricedOffer[] {
  const alike = offers.filter(({ likeness }) => likeness !== 'not alike')
  return alike.length > 0 ? alike : offers
}

function statusOf({ failed, left, price }: SourcedProduct): SourceManyValue['products'][number]['status'] {
  if (failed) return 'failed'
  if (left) return 'left'
  return price === null ? 'found' : 'priced'
}

function reasonOf({ message, hint }: { message: string; hint: string }): string {
  return `${message} ${hint}`.trimEnd()
}

function shapeOffer(
  { offer, similarity, quote }: PricedOffer,
  currency: OtherCurrency | undefined,
): SourceManyValue['products'][number]['offers'][number] {
  return {
    offer_id: offer.offerId,
    title: shorten(offer.title, JUDGED_TITLE_MAX_CHARS),
    ...omitUnknown({
      unit_price: quote.unitPrice && formatRange(quote.unitPrice),
      unit_other: lowestPriceIn(currency, quote.unitPrice),
      order_quantity: quote.orderQuantity,
      order_total: quote.total && formatRange(quote.total),
      moq: offer.moq,
      shop_name: offer.shopName && shorten(offer.shopName, CONCISE_SHOP_MAX_CHARS),
      city: offer.city,
      similarity: roundedSimilarity(similarity),
      evidence: briefEvidence(evidenceOf(offer)) || null,
    }),
  }
}

function shapeSupplier({ shopId, shopName, covers, example, total }: SharedSupplier) {
  const evidence = briefEvidence({ ...evidenceOf(example), sold: null, repurchaseRate: null, isAd: null })
  return {
    ...omitUnknown({ shop_name: shopName, shop_id: shopId, city: example.city, province: example.province }),
    ...omitUnknown({ evidence: evidence || null }),
    covers: covers.map(({ product, offer }) => ({
      product: product + 1,
      offer_id: offer.offer.offerId,
      ...omitUnknown({ unit_price: offer.quote.unitPrice && formatRange(offer.quote.unitPrice) }),
    })),
    ...omitUnknown({ orders_total: total && formatRange(total) }),
  }
}

/** No listing text goes in: an agent follows this line. */
function nextStep(
  { products, suppliers, isDryRun, maxCredits }: SourceManyResult,
  price: number,
  waitS: number,
): string {
  const enough = price <= maxCredits ? '' : ` with max_credits: ${price}`
  if (isDryRun) return `The same call without dry_run${enough} spends at most ${counted(price, 'credit')}.`
  const left = products.filter(product => product.left !== null)
  if (left.length > 0) {
    const when = waitS > 0 ? ` in ${waitS} s` : ''
    return `Call again with the same arguments${when} for the ${counted(left.length, 'product')} left: what was found costs nothing more.`
  }
  if (suppliers.length > 0)
    return 'get_supplier with shop (the shop_id, or else the exact name) shows who a supplier is and what else it sells.'
  return 'compare_products compares offers of one product at a quantity; get_supplier shows who stands behind one.'
}
