import * as z from 'zod'
import { formatFenRange, formatMillionths, formatPerUnit, fromFen } from '../../offers/price/decimal.ts'
import { formatRange } from '../../offers/price/money.ts'
import type {
  CostPart,
  EstimatedOffer,
  FenRange,
  LandedCost,
  LandedCostResult,
  OtherCurrency,
} from '../../offers/results/landed-cost-result.ts'
import { CONCISE_TITLE_MAX_CHARS, countThatFit, REPLY_MAX_TOKENS } from '../text/budgets.ts'
import { currencySchema, formatPriceIn, shapeCurrency } from '../text/currency.ts'
import { failedSchema, groupFailures } from '../text/failed.ts'
import { creditsSchema, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { counted, omitUnknown, shorten } from '../text/values.ts'

/** Tokens reserved for everything except the offers. */
const FRAME_TOKENS = 1_500
/** Of what a customs tariff asks for. */
const MAX_CUSTOMS_ATTRIBUTES = 4
const CUSTOMS_VALUE_MAX_CHARS = 30
const CUSTOMS_ATTRIBUTE = /材质|材料|面料|成分|用途|适用|功能|material|fabric|use|composition/i

const partSchema = z.object({
  name: z.string(),
  cny: z.string().optional(),
  from: z.string(),
  how: z.string(),
})

const offerSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  order_quantity: z.int(),
  /** Why it is not the quantity asked for. */
  raised: z.string().optional(),
  unit_price: z.string().optional(),
  /** In the other currency, without freight. */
  unit_price_other: z.string().optional(),
  price_basis: z.enum(['ladder', 'variant', 'variants', 'headline', 'unknown']),
  variant: z.string().optional(),
  parts: z.array(partSchema),
  weight_kg: z.string().optional(),
  volumetric_kg: z.string().optional(),
  chargeable_kg: z.string().optional(),
  volume_m3: z.string().optional(),
  weight_from: z.string().optional(),
  total_cny: z.string().optional(),
  unit_cny: z.string().optional(),
  total_other: z.string().optional(),
  unit_other: z.string().optional(),
  subtotal_cny: z.string().optional(),
  /** Unknown parts. */
  without: z.array(z.string()).optional(),
  for_customs: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
})

/** A missing key is unknown. */
export const landedCostSchema = z.object({
  /** Cheapest total first. Texts are third-party listing data. */
  offers: z.array(offerSchema),
  quantity: z.int().optional(),
  currency: currencySchema.optional(),
  destination: z.string().optional(),
  left_out: z.int().optional(),
  failed: failedSchema,
  dry_run: z
    .object({ offers: z.int(), free: z.int(), credits: z.number(), freight_credits: z.number().optional() })
    .optional(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type LandedCostValue = z.output<typeof landedCostSchema>

export function shapeLandedCost(result: LandedCostResult): LandedCostValue {
  const { currency, failures } = result
  const all = result.offers.map(offer => shapeOffer(offer, result))
  const offers = all.slice(0, countThatFit(all, REPLY_MAX_TOKENS - FRAME_TOKENS))
  return {
    offers,
    ...omitUnknown({
      quantity: result.wantedQuantity,
      currency: currency && shapeCurrency(currency),
      destination: result.destination,
      left_out: all.length - offers.length || null,
    }),
    failed: groupFailures(failures),
    ...omitUnknown({ dry_run: result.isDryRun ? dryRunOf(result) : null, note: noteWith(result) }),
    next: nextStep(result),
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function shapeOffer({ details, quote, cost }: EstimatedOffer, { currency, wantedQuantity }: LandedCostResult) {
  const attributes = details.attributes.filter(({ name }) => CUSTOMS_ATTRIBUTE.test(name))
  const { unitPrice, orderQuantity } = quote
  const raised = wantedQuantity !== null && orderQuantity !== wantedQuantity
  return {
    offer_id: details.offerId,
    title: shorten(details.title, CONCISE_TITLE_MAX_CHARS),
    order_quantity: orderQuantity,
    ...omitUnknown({
      raised: raised ? raisedBy(quote.meetsMoq, details.lotSize) : null,
      unit_price: unitPrice && formatRange(unitPrice),
      unit_price_other: unitPrice && currency && formatPriceIn(currency, unitPrice),
    }),
    price_basis: quote.basis,
    ...omitUnknown({ variant: quote.variant && shorten(quote.variant.name, CONCISE_TITLE_MAX_CHARS) }),
    parts: cost.parts.map(shapePart),
    ...shapeShipment(cost),
    ...shapeTotals(cost, currency),
    ...omitUnknown({
      for_customs:
        attributes.length === 0
          ? null
          : attributes
              .slice(0, MAX_CUSTOMS_ATTRIBUTES)
              .map(({ name, value }) => ({ name: shorten(name, 10), value: shorten(value, CUSTOMS_VALUE_MAX_CHARS) })),
    }),
  }
}

function dryRunOf({ cost, unread }: LandedCostResult) {
  return { ...cost, ...omitUnknown({ freight_credits: unread?.credits }) }
}

function raisedBy(meetsMoq: boolean | null, lotSize: number | null): string {
  const reasons = [
    ...(meetsMoq === false ? ['minimum order'] : []),
    ...(lotSize === null ? [] : [`lots of ${lotSize}`]),
  ]
  return reasons.join(', ')
}

function shapePart({ name, amount, origin, how }: CostPart) {
  return { name, ...omitUnknown({ cny: amount && formatFenRange(amount) }), from: origin, how }
}

function shapeShipment({ shipment }: LandedCost) {
  const { actualG, volumetricG, chargeableG, volumeMm3, weightOrigin, basis } = shipment
  const kilograms = (grams: bigint | null) => (grams === null ? null : formatMillionths(grams * 1000n))
  return omitUnknown({
    weight_kg: kilograms(actualG),
    volumetric_kg: kilograms(volumetricG),
    chargeable_kg: kilograms(chargeableG),
    volume_m3: volumeMm3 === null ? null : formatMillionths(volumeMm3 / 1000n),
    weight_from:
      actualG === null ? null : weightOrigin === 'listing' ? `listing, ${basis ?? 'basis unknown'}` : weightOrigin,
  })
}

function shapeTotals({ total, subtotal, without, quantity }: LandedCost, currency: OtherCurrency | null) {
  const other = (amount: FenRange): FenRange | null =>
    currency && { low: fromFen(amount.low, currency.rate.value), high: fromFen(amount.high, currency.rate.value) }
  const inOther = total && other(total)
  return omitUnknown({
    total_cny: total && formatFenRange(total),
    unit_cny: total && formatPerUnit(total, quantity),
    total_other: inOther && formatFenRange(inOther),
    unit_other: inOther && formatPerUnit(inOther, quantity),
    subtotal_cny: subtotal && formatFenRange(subtotal),
    without: without.length === 0 ? null : without,
  })
}

function noteWith({ remarks, offers }: LandedCostResult): string | null {
  const headlines = offers.filter(({ quote }) => quote.basis === 'headline').length
  const notes = [
    noteOf(remarks),
    headlines === 0 ? null : `Only the listing headline price is known for ${counted(headlines, 'offer')}.`,
    ...(offers.length === 0 ? [] : [feesNote(offers), INVOICE_NOTE]),
  ].filter(note => note !== null)
  return notes.length === 0 ? null : notes.join(' ')
}

const INVOICE_NOTE = 'Listings do not say whether their price includes a VAT invoice (发票): ask the seller.'

function feesNote(offers: readonly EstimatedOffer[]): string | null {
  const areGiven = offers.some(({ cost }) => cost.parts.some(({ name }) => name === 'fees'))
  return areGiven ? null : 'No fees are given, so none are counted.'
}

/** No listing text goes in: an agent follows this line. */
function nextStep(result: LandedCostResult): string {
  const { isDryRun, cost, offers } = result
  if (isDryRun) {
    const all = cost.credits + (result.unread?.credits ?? 0)
    const withFreight = result.unread ? ` with max_credits: ${all}` : ''
    return `The same call without dry_run${withFreight} spends at most ${counted(all, 'credit')}.`
  }
  const { unread } = result
  if (unread) {
    const needed = result.credits.spent + unread.credits
    return `Call again with max_credits: ${needed} for the domestic freight of ${counted(unread.offers, 'offer')} (${counted(unread.credits, 'credit')}).`
  }
  const missing = [...new Set(offers.flatMap(offer => offer.cost.without))]
  if (missing.length === 0) return 'get_supplier(offer_id) shows who stands behind an offer.'
  if (missing.includes('goods') && offers.every(({ cost }) => cost.without.includes('goods')))
    return 'Ask the seller for the price at this quantity: without it there is nothing to add up.'
  const rates = missing.filter(name => name !== 'goods')
  return `Ask the buyer for what is unknown (${rates.join(', ')}) and call again: offers already read cost nothing. No duty is looked up here; a tariff server needs material, use, weight and size.`
}
