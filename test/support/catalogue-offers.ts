import type { OfferPicture } from '../../src/catalogue/catalogue.ts'
import type { OfferSummary } from '../../src/offers/offer.ts'

export const MODEL = 'model-a'

const DIMENSIONS = 32

/** The fields of an offer of which only the title is known. */
export const UNKNOWN = {
  price: null,
  moq: null,
  unit: null,
  shopName: null,
  city: null,
  province: null,
  imageUrl: null,
} as const

/** Every field is known unless `known` says otherwise. */
export function makeOffer(offerId: string, known: Partial<OfferSummary> = {}): OfferSummary {
  return {
    offerId,
    title: `保温杯 ${offerId}`,
    price: { text: '2.88-25.65', min: 2.88, max: 25.65 },
    moq: 2,
    unit: '件',
    shopName: '义乌市某某厂',
    city: '金华市',
    province: '浙江省',
    imageUrl: `https://cbu01.alicdn.com/img/ibank/${offerId}.jpg`,
    ...known,
  }
}

export function makeVector(seed: number, dimensions = DIMENSIONS): Int8Array {
  let state = seed * 2654435761 + 1
  return Int8Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >> 24) % 127
  })
}

export function pictureOf(source: string, offer: OfferSummary): OfferPicture {
  return { source, offerId: offer.offerId, imageUrl: offer.imageUrl ?? '' }
}
