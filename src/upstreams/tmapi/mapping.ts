/** Translates responses of TMAPI. Field names: its public documentation. */
import type { OfferDetails, OfferSummary, Sku } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import { ladderOf, type PriceTier } from '../../offers/price/ladder.ts'
import { type Price, parsePrice, spanPrices } from '../../offers/price/price.ts'
import {
  asField,
  asFlag,
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
import { evidenceIn, isKnown } from './evidence.ts'
import { attributesOf, freightOf, mixedBatchOf, packagingOf, statusOf, variantPackaging } from './terms.ts'

const YUAN: ReadonlySet<string> = new Set(['CNY', 'RMB', '¥', '￥', '元', '人民币'])

/**
 * The handle of a converted picture: a path on TMAPI's server or a URL, to be passed on as it is.
 * @throws AppError `upstream_changed`.
 */
export function parseHandle(body: unknown): string {
  const handle = needObject(needObject(body, 'the body').data, 'data').image_url
  if (typeof handle === 'string' && /^(?:\/|https?:\/\/|[\w.-]+\/)[!-~]{1,2000}$/.test(handle)) return handle
  throw upstreamChanged('data.image_url', 'a path or a URL')
}

/** @param body of a search by picture or by keyword. @throws AppError `upstream_changed`. */
export function parseOfferPage(body: unknown): OfferPage {
  const reply = needObject(body, 'the body')
  // Past the last page, `data` and `items` may be null, missing or an empty array.
  const isEmpty = asInteger(reply.code, 200, 200) !== null && ((reply.data ?? null) === null || isEmptyList(reply.data))
  const data = isEmpty ? {} : needObject(reply.data, 'data')
  const rows = needList(data.items ?? [], 'data.items')
  return {
    offers: parseRows(rows, 'data.items', offerOf),
    totalFound: asInteger(data.total_count, 0),
    hasMore: isEmpty ? false : asFlag(data.has_next_page),
  }
}

/** @param body of `item_detail`. @throws AppError `upstream_changed`. */
export function parseDetails(body: unknown, offerId: string): OfferDetails {
  const data = needObject(needObject(body, 'the body').data, 'data')
  const givenId = asIdText(data.item_id)
  if ((givenId ?? offerId) !== offerId) throw upstreamChanged('data.item_id', 'the requested ID')
  // An answer about the right offer was paid for, even if its title is missing.
  const titles = titlesOf(data) ?? (givenId === null ? null : { title: offerId })
  if (titles === null) throw upstreamChanged('data.title', 'a string')
  const delivery = asObject(data.delivery_info)
  const ladder = asObject(data.tiered_price_info)
  const images = asPictures(data.main_imgs)
  const isCny = pricesAreCny(data)
  const skus = asList(data.skus).flatMap(sku => skuOf(sku, isCny) ?? [])
  return {
    offerId,
    ...titles,
    price: isCny ? headlinePrice(asObject(data.price_info)) : null,
    moq: asInteger(ladder?.begin_num, 1) ?? asInteger(data.moq, 1),
    unit: asField(data.offer_unit),
    shopName: shopNameOf(data),
    ...parsePlace(asField(delivery?.location)),
    imageUrl: images[0] ?? null,
    images,
    priceTiers: isCny ? ladderOf(stepsOf(ladder?.prices, 'beginAmount')) : [],
    skus,
    lotSize: null,
    mixedBatch: mixedBatchOf(data),
    status: statusOf(data, skus),
    packaging: packagingOf(delivery, skus),
    attributes: attributesOf(data.product_props),
    certificates: [],
    freightFromCny: isCny ? freightOf(delivery) : null,
    evidence: evidenceIn(data),
  }
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function offerOf(row: JsonObject): OfferSummary | null {
  const offerId = asOfferId(row.item_id) ?? idInLink(row.product_url)
  if (offerId === null) return null
  const isCny = pricesAreCny(row)
  const steps = isCny ? stepsOf(row.quantity_prices, 'begin_num') : []
  const priceTiers = ladderOf(steps)
  const evidence = evidenceIn(row)
  return {
    offerId,
    ...(titlesOf(row) ?? { title: offerId }),
    price: isCny ? rowPrice(row) : null,
    moq: asInteger(row.moq, 1) ?? asInteger(row.quantity_begin, 1) ?? priceTiers[0]?.minQuantity ?? null,
    unit: asField(row.offer_unit) ?? asField(row.unit),
    shopName: shopNameOf(row),
    ...parsePlace(...asList(asObject(row.delivery_info)?.area_from).map(asField)),
    imageUrl: asPictureUrl(row.img),
    ...(priceTiers.length > 0 && { priceTiers }),
    ...(isKnown(evidence) && { evidence }),
  }
}

/** If there are both, `title` is a translation. */
function titlesOf(fields: JsonObject): Pick<OfferSummary, 'title' | 'titleTranslated'> | null {
  const shown = asTitle(fields.title)
  const title = asTitle(fields.title_origin) ?? shown
  if (title === null) return null
  return shown === null || shown === title ? { title } : { title, titleTranslated: shown }
}

function idInLink(url: unknown): string | null {
  return asOfferId(/\/offer\/(\d+)\.html/.exec(typeof url === 'string' ? url : '')?.[1])
}

function shopNameOf(offer: JsonObject): string | null {
  const shop = asObject(offer.shop_info)
  return asField(shop?.company_name) ?? asField(shop?.shop_name)
}

/** Vendors that imitate TMAPI may answer in another currency; without one, prices are in CNY, as on 1688. */
function pricesAreCny({ currency }: JsonObject): boolean {
  const name = asField(currency)
  return name === null || YUAN.has(name.toUpperCase())
}

function rowPrice(row: JsonObject): Price | null {
  const info = asObject(row.price_info)
  return parsePrice(row.price) ?? parsePrice(info?.price) ?? parsePrice(info?.sale_price)
}

function headlinePrice(info: JsonObject | null): Price | null {
  const ends = [parsePrice(info?.price_min), parsePrice(info?.price_max)].filter(price => price !== null)
  return spanPrices(ends) ?? parsePrice(info?.price)
}

function stepsOf(prices: unknown, quantity: 'beginAmount' | 'begin_num'): PriceTier[] {
  return asList(prices).flatMap(value => {
    const step = asObject(value)
    const minQuantity = asInteger(step?.[quantity], 1)
    const price = parsePrice(step?.price)
    return minQuantity === null || price === null ? [] : { minQuantity, price }
  })
}

function skuOf(value: unknown, isCny: boolean): Sku | null {
  const sku = asObject(value)
  const skuId = asIdText(sku?.skuid)
  const name = asField(sku?.props_names) ?? skuId
  if (name === null) return null
  const packaging = variantPackaging(asObject(sku?.package_info))
  return {
    skuId,
    name,
    price: isCny ? parsePrice(sku?.sale_price) : null,
    stock: asInteger(sku?.stock, 0),
    ...(packaging && { packaging }),
  }
}
