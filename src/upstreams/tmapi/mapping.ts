/** Translates responses of TMAPI. Field names: its public documentation. */
import { parseCount, parseRate } from '../../offers/count.ts'
import { NO_EVIDENCE, type SellerBadge, type Sold } from '../../offers/evidence/evidence.ts'
import type { OfferDetails, OfferSummary, Sku } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import type { PriceTier } from '../../offers/price/ladder.ts'
import { ladderOf } from '../../offers/price/ladder.ts'
import type { Price } from '../../offers/price/price.ts'
import { parsePrice, spanPrices } from '../../offers/price/price.ts'
import {
  asBoolean,
  asField,
  asIdText,
  asInteger,
  asList,
  asObject,
  asOfferId,
  asPictures,
  asPictureUrl,
  asTitle,
  type JsonObject,
  needList,
  needObject,
  parseRows,
  upstreamChanged,
} from '../json-readers.ts'
import type { OfferPage } from '../port.ts'

/** @throws AppError `upstream_changed`. */
export function parseConvertedUrl(body: unknown): string {
  const url = asPictureUrl(dataOf(body).image_url)
  if (url === null) throw upstreamChanged('data.image_url', 'a URL')
  return url
}

/** @param body of a search by picture or by keyword. @throws AppError `upstream_changed`. */
export function parseOfferPage(body: unknown): OfferPage {
  const data = dataOf(body)
  return {
    offers: parseRows(needList(data.items, 'data.items'), 'data.items', offerOf),
    totalFound: asInteger(data.total_count, 0),
    hasMore: asBoolean(data.has_next_page),
  }
}

/** @param body of `item_detail`. @throws AppError `upstream_changed`. */
export function parseDetails(body: unknown, offerId: string): OfferDetails {
  const data = dataOf(body)
  const title = titleOf(data)
  if (title === null) throw upstreamChanged('data.title', 'a string')
  if ((asIdText(data.item_id) ?? offerId) !== offerId) throw upstreamChanged('data.item_id', 'the requested ID')
  const shop = asObject(data.shop_info)
  const ladder = asObject(data.tiered_price_info)
  const images = asPictures(data.main_imgs)
  const isCny = pricesAreCny(data)
  return {
    offerId,
    title,
    price: isCny ? headlinePrice(asObject(data.price_info)) : null,
    moq: asInteger(ladder?.begin_num, 1) ?? asInteger(data.moq, 1),
    unit: asField(data.offer_unit),
    shopName: asField(shop?.company_name) ?? asField(shop?.shop_name),
    ...parsePlace(asField(asObject(data.delivery_info)?.location)),
    imageUrl: images[0] ?? null,
    images,
    priceTiers: isCny ? ladderOf(stepsOf(ladder?.prices)) : [],
    skus: asList(data.skus)
      .map(sku => skuOf(sku, isCny))
      .filter(sku => sku !== null),
    lotSize: null,
    mixedBatch: null,
    status: null,
    packaging: null,
    attributes: [],
    certificates: [],
    freightFromCny: null,
    evidence: {
      ...NO_EVIDENCE,
      sold: soldOf(data),
      repurchaseRate: parseRate(data.item_repurchase_rate),
      badges: badgesOf(shop),
    },
  }
}

function dataOf(body: unknown): JsonObject {
  return needObject(needObject(body, 'the body').data, 'data')
}

function offerOf(row: JsonObject): OfferSummary | null {
  const offerId = asOfferId(row.item_id)
  const title = titleOf(row)
  if (offerId === null || title === null) return null
  const shop = asObject(row.shop_info)
  return {
    offerId,
    title,
    price: pricesAreCny(row) ? (parsePrice(row.price) ?? parsePrice(asObject(row.price_info)?.price)) : null,
    moq: asInteger(row.moq, 1) ?? asInteger(row.quantity_begin, 1),
    unit: asField(row.offer_unit),
    shopName: asField(shop?.company_name) ?? asField(shop?.shop_name),
    ...parsePlace(...asList(asObject(row.delivery_info)?.area_from).map(asField)),
    imageUrl: asPictureUrl(row.img),
  }
}

/** If there are both, `title` is a translation. */
function titleOf(fields: JsonObject): string | null {
  return asTitle(fields.title_origin) ?? asTitle(fields.title)
}

/** Vendors that imitate TMAPI may answer in another currency; without one, prices are in CNY, as on 1688. */
function pricesAreCny({ currency }: JsonObject): boolean {
  const name = asField(currency)
  return name === null || name.toUpperCase() === 'CNY'
}

function headlinePrice(info: JsonObject | null): Price | null {
  const ends = [parsePrice(info?.price_min), parsePrice(info?.price_max)].filter(price => price !== null)
  return spanPrices(ends) ?? parsePrice(info?.price)
}

function stepsOf(prices: unknown): PriceTier[] {
  return asList(prices)
    .map(value => {
      const step = asObject(value)
      const minQuantity = asInteger(step?.beginAmount, 1)
      const price = parsePrice(step?.price)
      return minQuantity === null || price === null ? null : { minQuantity, price }
    })
    .filter(step => step !== null)
}

function skuOf(value: unknown, isCny: boolean): Sku | null {
  const sku = asObject(value)
  const skuId = asIdText(sku?.skuid)
  const name = asField(sku?.props_names) ?? skuId
  if (name === null) return null
  return { skuId, name, price: isCny ? parsePrice(sku?.sale_price) : null, stock: asInteger(sku?.stock, 0) }
}

function soldOf(data: JsonObject): Sold | null {
  const recent = parseCount(asObject(data.sale_info)?.sale_quantity_90days)
  if (recent) return { ...recent, days: 90 }
  const all = parseCount(data.sale_count)
  return all && { ...all, days: null }
}

function badgesOf(shop: JsonObject | null): SellerBadge[] {
  const badges: SellerBadge[] = []
  if (asBoolean(shop?.is_super_factory) === true) badges.push('super_factory')
  if (asBoolean(shop?.is_powerful_seller) === true) badges.push('verified_merchant')
  return badges
}
