/** Offers as the grid reads them from a reply, completed with cards, sorted and filtered. */
import { asNumber, asObject, asObjects, asText, type Json } from '../bridge/json.ts'
import { type Provenance, readProvenance } from './provenance.ts'

export type Likeness = 'same' | 'similar' | 'weak'

/** `null` is unknown. */
export interface GridOffer {
  offerId: string
  title: string
  /** The seller's text, in CNY. */
  price: string | null
  /** The lowest number in it. */
  lowPrice: number | null
  shopName: string | null
  city: string | null
  province: string | null
  moq: number | null
  unit: string | null
  /** 0..1. */
  similarity: number | null
  likeness: Likeness | null
  /** https address, or a data: URL. */
  picture: string | null
  link: string | null
}

export interface GridPage {
  offers: GridOffer[]
  /** The picture or the words of the search. */
  query: string | null
  totalFound: number | null
  note: string | null
  provenance: Provenance
}

export const SORTS = ['best', 'cheap', 'dear', 'moq'] as const

export type Sort = (typeof SORTS)[number]

/** An unknown value does not pass. */
export interface Filters {
  likeness: Likeness
  maxPrice: number | null
  maxMoq: number | null
  /** A city or province as written in the offers. */
  place: string | null
}

export const NO_FILTERS: Filters = { likeness: 'weak', maxPrice: null, maxMoq: null, place: null }

const RANK = { weak: 0, similar: 1, same: 2 } as const

/** `null` if the JSON is not the reply of a search. */
export function readPage(reply: unknown): GridPage | null {
  const page = asObject(reply)
  if (!Array.isArray(page.products)) return null
  const { same_item: same, similar } = asObject(page.match)
  return {
    offers: asObjects(page.products).flatMap((product, index) => readOffer(product, likenessAt(index, same, similar))),
    query: asText(page.query_image_url) ?? asText(page.query),
    totalFound: asNumber(page.total_found),
    note: asText(page.note),
    provenance: readProvenance(reply),
  }
}

/** The offer completed by a card of `get_offer_cards`. */
export function withCard(offer: GridOffer, card: Json): GridOffer {
  return {
    ...offer,
    picture: asText(card.thumbnail) ?? asText(card.image_url) ?? offer.picture,
    link: offer.link ?? asText(card.detail_url),
    province: offer.province ?? asText(card.province),
    moq: offer.moq ?? asNumber(card.moq),
    unit: offer.unit ?? asText(card.unit),
  }
}

/** The offers that pass, in order: unknown values last, the better match first among equals. */
export function arrange(offers: readonly GridOffer[], sort: Sort, filters: Filters): GridOffer[] {
  const passing = offers.filter(offer => passes(offer, filters))
  if (sort === 'best') return passing
  const keyOf = (offer: GridOffer) => (sort === 'moq' ? offer.moq : offer.lowPrice)
  const sign = sort === 'dear' ? -1 : 1
  return passing.sort((a, b) => {
    const [first, second] = [keyOf(a), keyOf(b)]
    if (first === null || second === null) return Number(first === null) - Number(second === null)
    return sign * (first - second)
  })
}

/** Places by frequency. */
export function placesOf(offers: readonly GridOffer[]): string[] {
  const counts = new Map<string, number>()
  for (const { city, province } of offers) {
    const place = city ?? province
    if (place !== null) counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([place]) => place)
}

/** The lowest number in a price; `null` if there is none. */
export function lowestPrice(text: string | null): number | null {
  const numbers = (text?.match(/\d+(?:\.\d+)?/g) ?? []).map(Number)
  return numbers.length === 0 ? null : Math.min(...numbers)
}

function passes(offer: GridOffer, { likeness, maxPrice, maxMoq, place }: Filters): boolean {
  if (likeness !== 'weak' && (offer.likeness === null || RANK[offer.likeness] < RANK[likeness])) return false
  if (maxPrice !== null && (offer.lowPrice === null || offer.lowPrice > maxPrice)) return false
  if (maxMoq !== null && (offer.moq === null || offer.moq > maxMoq)) return false
  return place === null || offer.city === place || offer.province === place
}

function readOffer(product: Json, byRank: Likeness | null): GridOffer[] {
  const offerId = asText(product.offer_id)
  if (offerId === null) return []
  const price = asText(product.price)
  return [
    {
      offerId,
      title: asText(product.title) ?? offerId,
      price,
      lowPrice: lowestPrice(price),
      shopName: asText(product.shop_name),
      city: asText(product.city),
      province: asText(product.province),
      moq: asNumber(product.moq),
      unit: asText(product.unit),
      similarity: asNumber(product.similarity),
      likeness: byRank,
      picture: asText(product.image_url),
      link: asText(product.detail_url),
    },
  ]
}

/** A reply only counts its likenesses: the first offers are the same item, the next ones similar. */
function likenessAt(index: number, same: unknown, similar: unknown): Likeness | null {
  const [sameCount, similarCount] = [asNumber(same), asNumber(similar)]
  if (sameCount === null || similarCount === null) return null
  if (index < sameCount) return 'same'
  return index < sameCount + similarCount ? 'similar' : 'weak'
}
