/** Reads rows of either database; the statements of both use the same column names. */
import * as z from 'zod'
import { type OfferSummary, photosOf } from '../offers/offer.ts'
import { nullableNumberIn, nullableTextIn, numberIn, type Row, textIn } from '../store/row.ts'
import type { CatalogueOffer, CatalogueStats, FailedPicture, MirrorState, OfferPicture } from './catalogue.ts'
import { factsFromJson } from './facts.ts'

export const OFFER_COLUMNS =
  'source, offer_id, title, price_text, price_min, price_max, moq, unit, shop_name, city, province, image_url, photos::text AS photos, facts::text AS facts, facts_seen_at, first_seen_at, last_seen_at'

export function readOffer(row: Row): CatalogueOffer {
  const text = nullableTextIn(row, 'price_text')
  const min = nullableNumberIn(row, 'price_min')
  const max = nullableNumberIn(row, 'price_max')
  return {
    source: textIn(row, 'source'),
    offer: {
      offerId: textIn(row, 'offer_id'),
      title: textIn(row, 'title'),
      price: text === null || min === null || max === null ? null : { text, min, max },
      moq: nullableNumberIn(row, 'moq'),
      unit: nullableTextIn(row, 'unit'),
      shopName: nullableTextIn(row, 'shop_name'),
      city: nullableTextIn(row, 'city'),
      province: nullableTextIn(row, 'province'),
      imageUrl: nullableTextIn(row, 'image_url'),
      ...readPhotos(nullableTextIn(row, 'photos')),
      ...factsFromJson(nullableTextIn(row, 'facts')),
    },
    factsSeenAt: nullableNumberIn(row, 'facts_seen_at'),
    firstSeenAt: numberIn(row, 'first_seen_at'),
    lastSeenAt: numberIn(row, 'last_seen_at'),
  }
}

const photoList = z.array(z.string())

function readPhotos(json: string | null): Pick<OfferSummary, 'photos'> {
  return json === null ? {} : { photos: photoList.parse(JSON.parse(json)) }
}

export function photosToJson({ photos = [], imageUrl }: OfferSummary): string | null {
  const further = photosOf(imageUrl, photos)
  return further === undefined ? null : JSON.stringify(further)
}

export function readIndexed(row: Row) {
  return {
    id: numberIn(row, 'id'),
    offerId: textIn(row, 'offer_id'),
    priceMin: nullableNumberIn(row, 'price_min'),
    moq: nullableNumberIn(row, 'moq'),
    ...readGroup(row),
  }
}

/** What the filters on groups of offers need. */
export function readGroup(row: Row) {
  return {
    source: textIn(row, 'source'),
    city: nullableTextIn(row, 'city'),
    province: nullableTextIn(row, 'province'),
    sellerKind: nullableTextIn(row, 'seller_kind'),
    // A list as JSON.
    badges: nullableTextIn(row, 'badges')?.match(/\w+/g) ?? [],
  }
}

export function readPicture(row: Row): OfferPicture {
  return { source: textIn(row, 'source'), offerId: textIn(row, 'offer_id'), imageUrl: textIn(row, 'image_url') }
}

export function readFailure(row: Row): FailedPicture {
  return { ...readPicture(row), title: textIn(row, 'title'), reason: nullableTextIn(row, 'reason') }
}

export function readMirror(row: Row): MirrorState {
  return {
    pagesFetched: numberIn(row, 'pages_fetched'),
    totalFound: nullableNumberIn(row, 'total_found'),
    completedAt: nullableNumberIn(row, 'completed_at'),
  }
}

export function readStats(row: Row): Omit<CatalogueStats, 'mirror'> {
  return {
    source: textIn(row, 'source'),
    offers: numberIn(row, 'offers'),
    withPicture: numberIn(row, 'with_picture'),
    embedded: numberIn(row, 'embedded'),
    firstSeenAt: numberIn(row, 'first_seen_at'),
    lastSeenAt: numberIn(row, 'last_seen_at'),
  }
}
