/** Translates responses of the 1688.com API on Parse. Field names: the documentation of that API. */
import { NOTHING_MORE, type OfferDetails, type OfferSummary } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import { type Price, parsePrice, spanPrices } from '../../offers/price/price.ts'
import {
  asField,
  asInteger,
  asOfferId,
  asPictures,
  asPictureUrl,
  asTitle,
  type JsonObject,
  needObject,
  needRows,
  parseRows,
  upstreamChanged,
} from '../json-readers.ts'
import type { IndexPage } from '../port.ts'

/** @param body of `search_by_image`. */
export function parseIndexPage(body: unknown): IndexPage {
  const data = unwrap(body)
  const rows = needRows(data, 'products', 'data.products', ['total_found', 'page_size'])
  return { offers: parseRows(rows, 'data.products', summaryOf), totalFound: asInteger(data.total_found, 0) }
}

/** @param body of `get_product_details`. */
export function parseDetails(body: unknown, offerId: string): OfferDetails {
  const data = unwrap(body)
  const title = asTitle(data.title)
  if (title === null) throw upstreamChanged('data.title', 'a string')
  const images = asPictures(data.images)
  return {
    offerId,
    title,
    price: detailsPrice(data),
    moq: asInteger(data.moq, 1),
    unit: asField(data.unit),
    shopName: asField(data.company_name) ?? asField(data.shop_name),
    ...parsePlace(asField(data.province), asField(data.city)),
    imageUrl: images[0] ?? null,
    images,
    priceTiers: [],
    skus: [],
    ...NOTHING_MORE,
  }
}

/** Bodies arrive as `{"status":"success","data":{…}}` or bare. */
function unwrap(body: unknown): JsonObject {
  const outer = needObject(body, 'the body')
  return outer.data === undefined ? outer : needObject(outer.data, 'data')
}

function summaryOf(row: JsonObject): OfferSummary | null {
  const offerId = asOfferId(row.offer_id)
  const title = asTitle(row.title)
  if (offerId === null || title === null) return null
  return {
    offerId,
    title,
    price: parsePrice(row.price),
    moq: asInteger(row.moq, 1),
    unit: asField(row.unit),
    shopName: asField(row.shop_name),
    ...parsePlace(asField(row.province), asField(row.city)),
    imageUrl: asPictureUrl(row.image_url),
  }
}

function detailsPrice(data: JsonObject): Price | null {
  const ends = [parsePrice(data.min_price), parsePrice(data.max_price)].filter(price => price !== null)
  return spanPrices(ends) ?? parsePrice(data.price_display)
}
