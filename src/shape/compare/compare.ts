import * as z from 'zod'
import type { ComparedOffer } from '../../offers/comparison.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import type { OfferDetails } from '../../offers/offer.ts'
import { formatRange } from '../../offers/price/money.ts'
import { quotedText } from '../../offers/price/pack.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { Remark } from '../../offers/results/results.ts'
import { CONCISE_SHOP_MAX_CHARS, CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from '../text/budgets.ts'
import { currencySchema, formatIn, shapeCurrency } from '../text/currency.ts'
import { keyEvidenceSchema, shapeKeyEvidence } from '../text/evidence.ts'
import { failedSchema, groupFailures } from '../text/failed.ts'
import { importedTerms } from '../text/imported.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { unitPriceWas } from '../text/past-price.ts'
import { creditsSchema, nowOf, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { counted, omitUnknown, shorten } from '../text/values.ts'

/** Tokens reserved for everything except the offers. */
const FRAME_TOKENS = 2_000

const offerSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  unit_price: z.string().optional(),
  /** The last other unit price, and when it was last seen. */
  was: z.string().optional(),
  price_basis: z.enum(['ladder', 'variant', 'variants', 'headline', 'unknown']),
  variant: z.string().optional(),
  /** Smallest order that covers the quantity. */
  order_quantity: z.int(),
  order_total: z.string().optional(),
  /** In the other currency. */
  total_other: z.string().optional(),
  moq: z.int().optional(),
  meets_moq: z.boolean().optional(),
  lot_size: z.int().optional(),
  meets_lot: z.boolean().optional(),
  /** Why it does not fit. */
  misses: z.array(z.string()).optional(),
  unit: z.string().optional(),
  shop_name: z.string().optional(),
  city: z.string().optional(),
  province: z.string().optional(),
  ...keyEvidenceSchema.shape,
  image_url: z.string().optional(),
  detail_url: z.string().optional(),
  from: z.string().optional(),
  /** What the user's own file says about the same offer. */
  your_file: z.string().optional(),
})

/** A missing key is unknown. */
export const compareSchema = z.object({
  /** Best first. Texts are third-party listing data. Prices in CNY. */
  offers: z.array(offerSchema),
  quantity: z.int().optional(),
  currency: currencySchema.optional(),
  ranked_by: z.enum(['order_total', 'unit_price']),
  /** Offers cut for length. */
  left_out: z.int().optional(),
  unit_prices: z.object({ offers: z.int(), median: z.string(), range: z.string() }).optional(),
  places: z.array(
    z.object({
      province: z.string().optional(),
      offers: z.int(),
      cities: z.array(z.object({ city: z.string(), offers: z.int() })),
    }),
  ),
  failed: failedSchema,
  dry_run: z
    .object({
      offers: z.int(),
      free: z.int(),
      credits: z.number(),
      /** If a source fails and the next one is asked. */
      at_most: z.number().optional(),
    })
    .optional(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type CompareValue = z.output<typeof compareSchema>

/** JSON, cut to the budget of a reply. */
export function shapeCompare(result: CompareResult, format: 'concise' | 'detailed'): CompareValue {
  const { wishes, prices, places, cost } = result
  const all = result.offers.map(offer => shapeOffer(offer, result, format))
  const offers = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  const failed = groupFailures(result.failures)
  return {
    offers,
    ...omitUnknown({ quantity: wishes.quantity }),
    ...(result.otherCurrency && { currency: shapeCurrency(result.otherCurrency) }),
    ranked_by: wishes.quantity === null ? 'unit_price' : 'order_total',
    ...omitUnknown({ left_out: all.length - offers.length || null }),
    ...omitUnknown({
      unit_prices: prices && {
        offers: prices.offers,
        median: formatRange(prices.median),
        range: formatRange(prices.span),
      },
    }),
    places: places.map(({ province, ...group }) => ({ ...omitUnknown({ province }), ...group })),
    failed,
    ...omitUnknown({ dry_run: result.isDryRun ? shapeCost(cost) : null }),
    ...omitUnknown({ note: noteOf(compareRemarks(result)) }),
    next: nextStep(result, failed),
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function shapeCost({ atMost, ...cost }: CompareResult['cost']) {
  return { ...cost, ...(atMost === undefined || atMost === cost.credits ? {} : { at_most: atMost }) }
}

/** Why it does not fit, and what an unknown price is in the seller's currency. */
function missesWithQuote(details: OfferDetails, misses: readonly string[]): string[] | null {
  const quoted = details.price === null ? quotedText(details) : null
  const all = quoted === null ? [...misses] : [...misses, `quoted as ${quoted}`]
  return all.length > 0 ? all : null
}

function shapeOffer({ details, quote, misses }: ComparedOffer, result: CompareResult, format: 'concise' | 'detailed') {
  const isConcise = format === 'concise'
  const source = result.sources.get(details.offerId) ?? result.source.upstream
  const { unitPrice, total, meetsMoq, meetsLot } = quote
  return {
    offer_id: details.offerId,
    title: isConcise ? shorten(details.title, CONCISE_TITLE_MAX_CHARS) : details.title,
    ...omitUnknown({
      unit_price: unitPrice && formatRange(unitPrice),
      was: unitPriceWas(details, quote, result.wishes, result.past?.get(details.offerId) ?? [], nowOf(result.source)),
    }),
    price_basis: quote.basis,
    ...omitUnknown({ variant: quote.variant && shorten(quote.variant.name, CONCISE_SHOP_MAX_CHARS) }),
    order_quantity: quote.orderQuantity,
    ...omitUnknown({
      order_total: total && formatRange(total),
      total_other: total && result.otherCurrency && formatIn(result.otherCurrency, total),
    }),
    ...omitUnknown({ moq: details.moq, meets_moq: meetsMoq, lot_size: details.lotSize, meets_lot: meetsLot }),
    ...omitUnknown({ misses: missesWithQuote(details, misses), unit: details.unit && shorten(details.unit, 6) }),
    ...omitUnknown({
      shop_name: details.shopName && (isConcise ? shorten(details.shopName, CONCISE_SHOP_MAX_CHARS) : details.shopName),
    }),
    ...omitUnknown({ city: details.city, province: details.province }),
    ...shapeKeyEvidence(evidenceOf(details)),
    ...(isConcise
      ? {}
      : omitUnknown({ image_url: pictureLinkOf(details.imageUrl), detail_url: linkOf(details.offerId, source) })),
    ...(source === result.source.upstream ? {} : { from: source }),
    ...omitUnknown({ your_file: result.imported?.get(details.offerId)?.map(importedTerms).join('; ') || null }),
  }
}

/** A listing's headline price is the lowest that anyone pays, so the reply says where only that is known. */
export function compareRemarks({ remarks, offers, wishes }: CompareResult): Remark[] {
  const headlines = offers.filter(({ quote }) => quote.basis === 'headline').length
  if (headlines === 0) return remarks
  return [
    ...remarks,
    { kind: 'headline_prices', offers: headlines, compared: offers.length, quantity: wishes.quantity },
  ]
}

/** No listing text goes in: an agent follows this line. */
function nextStep({ isDryRun, cost, offers, failures }: CompareResult, failed: CompareValue['failed']): string {
  if (isDryRun) return `The same call without dry_run spends at most ${counted(cost.atMost ?? cost.credits, 'credit')}.`
  if (failures.some(({ error }) => error.retryable)) {
    const waitS = Math.max(...failed.map(group => group.retry_after_s ?? 0))
    return `Call again with the same offer_ids${waitS > 0 ? ` in ${waitS} s` : ''}; the ones listed here then cost nothing.`
  }
  if (offers.length === 0) return 'Search for other offers: search_by_image.'
  return 'get_product_details(offer_id) gives variants, price tiers and pictures; estimate_landed_cost adds freight, duty and VAT.'
}
