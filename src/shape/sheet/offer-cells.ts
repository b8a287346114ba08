/** The cells that every sheet of offers has: one figure per cell, money as decimal text, `null` for unknown. */

import { evidenceOf } from '../../offers/evidence/evidence.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import { type AmountRange, formatAmount } from '../../offers/price/money.ts'
import { quotedText } from '../../offers/price/pack.ts'
import type { Quote } from '../../offers/quote.ts'
import type { Words } from '../report/words.ts'
import { linkOf, pictureLinkOf } from '../text/links.ts'

export type SheetRow<Column extends string> = Record<Column, string | number | null>

export function offerCells(offer: OfferSummary, source: string, words: Words) {
  const evidence = evidenceOf(offer)
  return {
    offer_id: offer.offerId,
    title: offer.title,
    quoted: quotedText(offer),
    moq: offer.moq,
    unit: offer.unit,
    shop_name: offer.shopName,
    province: offer.province,
    city: offer.city,
    sold: evidence.sold?.text ?? null,
    repurchase_rate: evidence.repurchaseRate,
    years_on_1688: evidence.yearsOn1688,
    seller_kind: evidence.sellerKind,
    seller_badges: words.badges(evidence.badges) || null,
    source,
    url: linkOf(offer.offerId, source),
    image_url: pictureLinkOf(offer.imageUrl),
  }
}

export function unitPriceCells(price: AmountRange | null) {
  return {
    unit_price_low_cny: price && formatAmount(price.low),
    unit_price_high_cny: price && formatAmount(price.high),
  }
}

export function quoteCells({ unitPrice, total, basis, orderQuantity }: Quote) {
  return {
    ...unitPriceCells(unitPrice),
    price_basis: basis,
    order_quantity: orderQuantity,
    order_total_low_cny: total && formatAmount(total.low),
    order_total_high_cny: total && formatAmount(total.high),
  }
}
