/** Owns translating the bodies of the 1688.com API on Parse into offers. Field names: the seed's document of that API. */
import { NOTHING_MORE, type OfferDetails, type OfferSummary, type Price } from '../offers/offer.ts'
import { isOfferId } from '../offers/offer-id.ts'
import { type Place, parsePlace } from '../offers/place.ts'
import { parsePrice, spanPrices } from '../offers/price.ts'
import { cleanText, FIELD_MAX_CHARS, TITLE_MAX_CHARS } from '../offers/text.ts'
import {
  asIdText,
  asInteger,
  asList,
  asPictureUrl,
  type JsonObject,
  needList,
  needObject,
  upstreamChanged,
} from './lenient.ts'
import type { IndexPage } from './upstream.ts'

/** A page of `search_by_image`: bodies come as `{"status":"success","data":{…}}` or bare. */
export function parseIndexPage(body: unknown): IndexPage {
  const data = unwrap(body)
  const rows = needList(data.products, 'data.products')
  const offers = rows.map(row => summaryOf(row)).filter(offer => offer !== null)
  if (rows.length > 0 && offers.length === 0)
    throw upstreamChanged('data.products[0]', 'a product with offer_id and title')
  return { offers, totalFound: asInteger(data.total_found, 0) }
}

/** The record of `get_product_details`. */
export function parseDetails(body: unknown, offerId: string): OfferDetails {
  const data = unwrap(body)
  const title = cleanText(data.title, TITLE_MAX_CHARS)
  if (title === null) throw upstreamChanged('data.title', 'a text')
  const images = asList(data.images)
    .map(asPictureUrl)
    .filter(url => url !== null)
  return {
    offerId,
    title,
    price: detailsPrice(data),
    moq: asInteger(data.moq, 1),
    unit: cleanText(data.unit, FIELD_MAX_CHARS),
    shopName: cleanText(data.company_name, FIELD_MAX_CHARS) ?? cleanText(data.shop_name, FIELD_MAX_CHARS),
    ...placeOf(data.province, data.city),
    imageUrl: images[0] ?? null,
    images,
    priceTiers: [],
    skus: [],
    ...NOTHING_MORE,
  }
}

function unwrap(body: unknown): JsonObject {
  const outer = needObject(body, 'the body')
  return outer.data === undefined ? outer : needObject(outer.data, 'data')
}

function summaryOf(row: unknown): OfferSummary | null {
  if (typeof row !== 'object' || row === null) return null
  const fields: JsonObject = { ...row }
  const offerId = asIdText(fields.offer_id)
  const title = cleanText(fields.title, TITLE_MAX_CHARS)
  if (offerId === null || !isOfferId(offerId) || title === null) return null
  return {
    offerId,
    title,
    price: parsePrice(fields.price),
    moq: asInteger(fields.moq, 1),
    unit: cleanText(fields.unit, FIELD_MAX_CHARS),
    shopName: cleanText(fields.shop_name, FIELD_MAX_CHARS),
    ...placeOf(fields.province, fields.city),
    imageUrl: asPictureUrl(fields.image_url),
  }
}

function detailsPrice(data: JsonObject): Price | null {
  const ends = [parsePrice(data.min_price), parsePrice(data.max_price)].filter(price => price !== null)
  return spanPrices(ends) ?? parsePrice(data.price_display)
}

function placeOf(province: unknown, city: unknown): Place {
  return parsePlace(cleanText(province, FIELD_MAX_CHARS), cleanText(city, FIELD_MAX_CHARS))
}
