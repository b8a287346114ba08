import * as z from 'zod'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { rangeOf } from '../../offers/price/money.ts'
import { quotedText } from '../../offers/price/pack.ts'
import type { InCurrency } from '../../offers/results/in-currency.ts'
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import type { RankedOffer } from '../../offers/results/results.ts'
import type { SupplierPart, SupplierResult } from '../../offers/results/supplier-result.ts'
import { CONCISE_TITLE_MAX_CHARS } from '../text/budgets.ts'
import { currencyLines, currencySchema, lowestPriceIn, shapeCurrency } from '../text/currency.ts'
import { briefEvidence, evidenceSchema, evidenceText, shapeEvidence } from '../text/evidence.ts'
import { linkOf } from '../text/links.ts'
import { pageText } from '../text/page.ts'
import { creditsSchema, provenanceLine, shapeCredits, shapeSource, sourceSchema } from '../text/provenance.ts'
import { noteOf } from '../text/remarks.ts'
import { cell, counted, omitUnknown, placeText, roundedSimilarity, shorten } from '../text/values.ts'

const shopEvidenceSchema = evidenceSchema.omit({ sold: true, is_ad: true, shop_id: true })

const offerSchema = z.object({
  offer_id: z.string(),
  title: z.string(),
  price: z.string().optional(),
  quoted: z.string().optional(),
  /** In the other currency. */
  price_other: z.string().optional(),
  moq: z.int().optional(),
  similarity: z.number().optional(),
  evidence: z.string().optional(),
  detail_url: z.string().optional(),
})

const PART_NAMES: Readonly<Record<SupplierPart, string>> = {
  picture: 'the picture to rank by',
  listing: "the offer's listing, which names the shop",
  profile: "the shop's record",
  offers: "a page of the shop's offers",
}

export const supplierSchema = z.object({
  shop_id: z.string().optional(),
  shop_name: z.string().optional(),
  company_name: z.string().optional(),
  city: z.string().optional(),
  province: z.string().optional(),
  shop_url: z.string().optional(),
  evidence: shopEvidenceSchema.optional(),
  based_on: z.enum(['shop_record', 'listing', 'nothing']),
  offers: z.array(offerSchema),
  offers_from: z.enum(['upstream', 'known_offers']),
  page: z.int(),
  total_found: z.int().optional(),
  not_read: z.array(z.object({ part: z.string(), credits: z.number() })).optional(),
  currency: currencySchema.optional(),
  note: z.string().optional(),
  next: z.string(),
  source: sourceSchema,
  credits: creditsSchema,
})

export type SupplierValue = z.output<typeof supplierSchema>

export function shapeSupplier(result: InCurrency<SupplierResult>): SupplierValue {
  const { profile, offers, unread } = result
  const { sold: _sold, is_ad: _ad, shop_id: _shop, ...evidence } = shapeEvidence(result.evidence)
  return {
    ...omitUnknown({ shop_id: result.shopId, shop_name: result.shopName }),
    ...omitUnknown({ company_name: profile?.companyName === result.shopName ? null : profile?.companyName }),
    ...omitUnknown({ city: result.city, province: result.province, shop_url: profile?.shopUrl }),
    ...omitUnknown({ evidence: Object.keys(evidence).length > 0 ? evidence : null }),
    based_on: basisOf(result),
    offers: offers.list.map(offer => shapeOffer(offer, result.otherCurrency)),
    offers_from: offers.from === 'upstream' ? 'upstream' : 'known_offers',
    page: offers.page,
    ...omitUnknown({
      total_found: offers.totalFound,
      not_read: unread.length > 0 ? unread.map(({ part, credits }) => ({ part: PART_NAMES[part], credits })) : null,
      note: noteOf(result.remarks),
    }),
    ...(result.otherCurrency && { currency: shapeCurrency(result.otherCurrency) }),
    next: nextStep(result),
    source: shapeSource(result.source),
    credits: shapeCredits(result.credits),
  }
}

function shapeOffer(
  { offer, source, similarity }: RankedOffer,
  currency: OtherCurrency | undefined,
): SupplierValue['offers'][number] {
  return {
    offer_id: offer.offerId,
    title: shorten(offer.titleTranslated ?? offer.title, CONCISE_TITLE_MAX_CHARS * 2),
    ...omitUnknown({
      price: offer.price?.text,
      quoted: quotedText(offer),
      price_other: lowestPriceIn(currency, offer.price && rangeOf(offer.price)),
      moq: offer.moq,
      similarity: roundedSimilarity(similarity),
      evidence: briefEvidence({ ...evidenceOf(offer), sellerKind: null, yearsOn1688: null }) || null,
      detail_url: linkOf(offer.offerId, source),
    }),
  }
}

export function supplierText(value: SupplierValue): string {
  const names = [value.shop_name, value.company_name].filter(name => name !== undefined)
  const facts = [
    `supplier: ${names.join(', ') || '-'}; place: ${cell(placeText(value))}; based on: ${BASIS_TEXTS[value.based_on]}`,
    value.evidence ? `evidence: ${evidenceText(value.evidence)}` : null,
    value.shop_id === undefined ? null : `shop_id: ${value.shop_id}`,
    value.shop_url === undefined ? null : `shop: ${value.shop_url}`,
  ].filter(line => line !== null)
  const head = [
    ...facts,
    ...(value.based_on === 'nothing' ? [] : [offersLine(value)]),
    ...(value.note ? [`note: ${value.note}`] : []),
  ]
  const unread = value.not_read?.map(({ part, credits }) => `${part} (${counted(credits, 'credit')})`)
  const tail = [
    ...(unread ? [`not read: ${unread.join('; ')}`] : []),
    ...currencyLines(value.currency),
    provenanceLine(value.source, value.credits),
    `next: ${value.next}`,
  ]
  if (value.offers.length === 0) return [...head, ...tail].join('\n')
  return pageText({ head, table: tableOf(value), tail })
}

function offersLine({ offers, offers_from: from, total_found: total, page }: SupplierValue): string {
  const all = total === undefined ? 'offers' : counted(total, 'offer')
  return `${offers.length} of the shop's ${all}${from === 'upstream' ? '' : ' known here'}, page ${page}`
}

const BASIS_TEXTS: Readonly<Record<SupplierValue['based_on'], string>> = {
  shop_record: "the shop's record",
  listing: 'what a listing says of its seller',
  nothing: 'nothing read yet',
}

function tableOf({ offers, currency }: SupplierValue) {
  const isCompared = offers.some(({ similarity }) => similarity !== undefined)
  const columns = [
    { name: 'offer_id' },
    ...(isCompared ? [{ name: 'similarity', kind: 'number' as const }] : []),
    { name: 'price CNY', kind: 'number' as const },
    ...(currency ? [{ name: currency.code, kind: 'number' as const }] : []),
    { name: 'MOQ', kind: 'number' as const },
    { name: 'evidence', kind: 'long' as const },
    { name: 'title', kind: 'title' as const },
  ]
  const rows = offers.map(({ offer_id, similarity, price, quoted, price_other: other, moq, evidence, title }) =>
    [
      offer_id,
      ...(isCompared ? [similarity?.toFixed(2)] : []),
      price ?? quoted,
      ...(currency ? [other] : []),
      moq,
      evidence,
      title,
    ].map(cell),
  )
  return { columns, rows }
}

function basisOf({ profile, evidence, shopName, isDryRun }: SupplierResult): SupplierValue['based_on'] {
  if (profile) return 'shop_record'
  const isKnown = shopName !== null || Object.keys(shapeEvidence(evidence)).length > 0
  return isKnown && !isDryRun ? 'listing' : 'nothing'
}

function nextStep({ unread, isDryRun, credits, offers }: SupplierResult): string {
  const missing = unread.reduce((sum, part) => sum + part.credits, 0)
  if (isDryRun && missing === 0) return 'This call costs nothing; leave dry_run out.'
  if (isDryRun) return `Leave dry_run out and pass max_credits: ${missing} for all parts.`
  if (missing > 0)
    return `Pass max_credits: ${credits.spent + missing} to read the rest; what was read is not paid for again.`
  if (offers.hasMore) return `page ${offers.page + 1} has more; get_product_details reads one offer.`
  return 'get_product_details reads one offer; compare_products compares several.'
}
