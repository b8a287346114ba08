import * as z from 'zod'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { quotedText } from '../../offers/price/pack.ts'
import { endsOf } from '../../offers/price/price.ts'
import type { Wanted } from '../../offers/quote.ts'
import type { InCurrency } from '../../offers/results/in-currency.ts'
import type { DetailsResult } from '../../offers/results/results.ts'
import { MAX_ATTRIBUTES, MAX_IMAGES, MAX_SKUS, MAX_TIERS } from '../text/budgets.ts'
import { currencyLines, currencySchema, priceIn, shapeCurrency } from '../text/currency.ts'
import { evidenceSchema, evidenceText, shapeEvidence } from '../text/evidence.ts'
import { importedLine, importedSchema, shapeImported } from '../text/imported.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'
import { priceWas } from '../text/past-price.ts'
import { creditsSchema, nowOf, provenanceLine, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { cell, counted, omitUnknown, placeText } from '../text/values.ts'
import { creditsForRest, extrasLines, extrasShape, shapeExtras } from './extras.ts'
import { quoteOf, quoteSchema, quoteText } from './quote.ts'

const tierSchema = z.object({ min_quantity: z.int().min(1).max(1e9), price: z.string(), price_cny: z.number() })
const skuSchema = z.object({
  sku_id: z.string().optional(),
  name: z.string(),
  price: z.string().optional(),
  price_cny: z.number().optional(),
  stock: z.int().min(0).max(1e12).optional(),
})

/** A missing key is unknown. */
export const detailsSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  title_translated: z.string().optional(),
  /** The seller's text, CNY. */
  min_price: z.string().optional(),
  max_price: z.string().optional(),
  min_price_cny: z.number().optional(),
  max_price_cny: z.number().optional(),
  /** In the other currency. */
  price_other: z.string().optional(),
  currency: currencySchema.optional(),
  /** The seller's own price, in another currency. */
  quoted: z.string().optional(),
  /** The last other price, and when it was last seen. */
  was: z.string().optional(),
  unit: z.string().optional(),
  /** Minimum order quantity. */
  moq: z.int().min(1).max(1e9).optional(),
  shop_name: z.string().optional(),
  city: z.string().optional(),
  province: z.string().optional(),
  price_tiers: z.array(tierSchema),
  skus: z.array(skuSchema),
  /** Orders must be a multiple of this. */
  lot_size: z.int().optional(),
  mixed_batch: z.string().optional(),
  status: z.enum(['on_sale', 'sold_out', 'not_orderable']).optional(),
  quote: quoteSchema.optional(),
  evidence: evidenceSchema.optional(),
  weight_kg: z.number().optional(),
  /** Length, width, height. */
  size_cm: z.array(z.number()).optional(),
  weight_basis: z.enum(['measured', 'seller', 'predicted']).optional(),
  /** Domestic freight of the first unit. */
  freight_from_cny: z.number().optional(),
  attributes: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  certificates: z.array(z.string()).optional(),
  images: z.array(z.string()),
  imported: z.array(importedSchema).optional(),
  ...extrasShape,
  left_out: z.string().optional(),
  detail_url: z.string().optional(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type DetailsValue = z.output<typeof detailsSchema>

/** @param wanted a quantity or a variant to be priced; `null` for neither. */
export function shapeDetails(result: InCurrency<DetailsResult>, wanted: Wanted | null = null): DetailsValue {
  const { details } = result
  const { price } = details
  const [minPrice, maxPrice] = price === null ? [null, null] : endsOf(price)
  const link = linkOf(details.offerId, result.source.upstream)
  const evidence = shapeEvidence(evidenceOf(details))
  const { packaging } = details
  return {
    offer_id: details.offerId,
    title: details.title,
    ...omitUnknown({ title_translated: details.titleTranslated }),
    ...omitUnknown({ min_price: minPrice, max_price: maxPrice, min_price_cny: price?.min, max_price_cny: price?.max }),
    ...omitUnknown({ price_other: priceIn(result.otherCurrency, price) }),
    ...(result.otherCurrency && { currency: shapeCurrency(result.otherCurrency) }),
    ...omitUnknown({ quoted: quotedText(details) }),
    ...omitUnknown({ was: priceWas(details, result.past ?? [], nowOf(result.source)) }),
    ...omitUnknown({ unit: details.unit, moq: details.moq, shop_name: details.shopName }),
    ...omitUnknown({ city: details.city, province: details.province }),
    price_tiers: details.priceTiers.slice(0, MAX_TIERS).map(tier => ({
      min_quantity: tier.minQuantity,
      price: tier.price.text,
      price_cny: tier.price.min,
    })),
    skus: details.skus.slice(0, MAX_SKUS).map(sku => ({
      name: sku.name,
      ...omitUnknown({ sku_id: sku.skuId, price: sku.price?.text, price_cny: sku.price?.min, stock: sku.stock }),
    })),
    ...omitUnknown({
      lot_size: details.lotSize,
      mixed_batch: mixedBatchText(details.mixedBatch),
      status: details.status,
      quote: quoteOf(details, wanted, result.otherCurrency),
      evidence: Object.keys(evidence).length > 0 ? evidence : null,
    }),
    ...omitUnknown({
      weight_kg: packaging?.weightKg,
      size_cm: packaging?.sizeCm,
      weight_basis: packaging?.basis,
      freight_from_cny: details.freightFromCny,
      attributes: details.attributes.length > 0 ? details.attributes.slice(0, MAX_ATTRIBUTES) : null,
      certificates: details.certificates.length > 0 ? details.certificates : null,
    }),
    images: details.images.filter(image => pictureLinkOf(image) !== null).slice(0, MAX_IMAGES),
    ...omitUnknown({ imported: result.imported?.map(each => shapeImported(each)) }),
    ...shapeExtras(result),
    ...omitUnknown({ left_out: leftOut(result) }),
    ...omitUnknown({ detail_url: link }),
    ...omitUnknown({ note: noteOf(result.remarks) }),
    next: nextStep(result, link !== null),
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

export function detailsText(value: DetailsValue): string {
  const lines = [
    `offer ${value.offer_id}: ${value.title}`,
    priceLine(value),
    `shop: ${cell(value.shop_name)}; place: ${cell(placeText(value))}`,
  ]
  const more = [
    value.lot_size === undefined ? null : `sold in lots of ${value.lot_size}`,
    value.mixed_batch === undefined ? null : `mixed batch: ${value.mixed_batch}`,
    value.weight_kg === undefined ? null : `${value.weight_kg} kg each${basisText(value)}`,
    value.size_cm === undefined ? null : `${value.size_cm.join(' x ')} cm`,
    value.freight_from_cny === undefined ? null : `domestic freight from ${value.freight_from_cny} CNY`,
  ].filter(part => part !== null)
  if (value.title_translated) lines.push(`translated: ${value.title_translated}`)
  if (value.status && value.status !== 'on_sale') lines.push(STATUS_TEXTS[value.status])
  if (more.length > 0) lines.push(more.join('; '))
  if (value.evidence) lines.push(`evidence: ${evidenceText(value.evidence)}`)
  if (value.attributes) {
    const attributes = value.attributes.map(({ name, value: text }) => `${name}: ${text}`)
    lines.push(`attributes: ${attributes.join('; ')}`)
  }
  if (value.certificates) lines.push(`certificates: ${value.certificates.join(', ')}`)
  if (value.quote) lines.push(quoteText(value.quote, value.currency?.code ?? ''))
  if (value.price_tiers.length > 0) {
    lines.push(
      `price tiers (CNY): ${value.price_tiers.map(tier => `from ${tier.min_quantity}: ${tier.price}`).join('; ')}`,
    )
  }
  if (value.skus.length > 0) lines.push(`variants (name | price CNY | stock):`, ...value.skus.map(skuLine))
  if (value.images.length > 0) lines.push(`images: ${value.images.join(' ')}`)
  lines.push(...(value.imported ?? []).map(importedLine), ...extrasLines(value))
  if (value.left_out) lines.push(`left out: ${value.left_out}`)
  if (value.detail_url) lines.push(`detail_url: ${value.detail_url}`)
  if (value.note) lines.push(`note: ${value.note}`)
  lines.push(...currencyLines(value.currency))
  lines.push(provenanceLine(value.source, value.credits), `next: ${value.next}`)
  return lines.join('\n')
}

function otherText({ price_other: price, currency }: DetailsValue): string {
  return price === undefined ? '' : ` (${price} ${currency?.code ?? ''})`
}

function priceLine(value: DetailsValue): string {
  const price = value.min_price === value.max_price ? value.min_price : `${value.min_price}-${value.max_price}`
  const amount = value.min_price === undefined ? '-' : `${price} CNY${otherText(value)}`
  const quoted = value.quoted === undefined ? '' : `, quoted as ${value.quoted}`
  const was = value.was === undefined ? '' : ` (was ${value.was})`
  return `price: ${amount} per ${value.unit ?? 'unit'}${quoted}${was}; MOQ: ${value.moq ?? '-'}`
}

/** `"from 2 units or 100 CNY in total"`. */
function mixedBatchText(mixed: DetailsResult['details']['mixedBatch']): string | null {
  if (mixed === null) return null
  if (!mixed.offered) return 'no'
  const conditions = [
    mixed.minUnits === null ? null : counted(mixed.minUnits, 'unit'),
    mixed.minCny === null ? null : `${mixed.minCny} CNY`,
  ].filter(part => part !== null)
  return conditions.length === 0 ? 'yes' : `from ${conditions.join(' or ')} in total`
}

const STATUS_TEXTS = {
  sold_out: 'SOLD OUT: it cannot be ordered now.',
  not_orderable: 'NOT ORDERABLE: the listing was withdrawn, refused or is under review.',
} as const

function basisText({ weight_basis: basis }: DetailsValue): string {
  if (basis === undefined) return ''
  return { measured: ' (measured by 1688)', seller: ' (stated by the seller)', predicted: ' (estimated by 1688)' }[
    basis
  ]
}

function skuLine(sku: DetailsValue['skus'][number]): string {
  const id = sku.sku_id === undefined ? '' : ` (${sku.sku_id})`
  return `  ${cell(sku.name)}${id} | ${cell(sku.price)} | ${sku.stock ?? '-'}`
}

function leftOut({ details }: DetailsResult): string | null {
  const cuts = [
    [details.priceTiers.length - MAX_TIERS, 'price tier'],
    [details.skus.length - MAX_SKUS, 'variant'],
    [details.attributes.length - MAX_ATTRIBUTES, 'attribute'],
    [details.images.length - MAX_IMAGES, 'image'],
  ] as const
  const parts = cuts.filter(([count]) => count > 0).map(([count, what]) => counted(count, what))
  return parts.length === 0 ? null : `${parts.join(', ')}; see the listing`
}

function nextStep(result: DetailsResult, hasListing: boolean): string {
  const { details, source } = result
  const rest = creditsForRest(result)
  if (rest !== null) return `Call again with max_credits: ${rest} for the rest; what was read is not paid for again.`
  if (source.upstream === 'sample') return 'Search with another picture: search_by_image.'
  if (!hasListing)
    return 'This offer comes from an imported file and has no listing on 1688: ask the person who supplied the file.'
  if (details.moq === null) return 'The MOQ is unknown; ask the seller at detail_url before ordering.'
  const others = details.images.some(image => pictureLinkOf(image) !== null)
    ? '; search_by_image with one of the images finds other sellers'
    : ''
  return `Open detail_url to ask the seller or to order${others}.`
}
