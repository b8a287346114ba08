/** Offers as the grid reads them from a reply, completed with cards, sorted and filtered. */
import { asNumber, asObject, asObjects, asText, type Json } from '../bridge/json.ts'
import { type Provenance, readProvenance } from './provenance.ts'

export type Likeness = 'same' | 'probably' | 'similar' | 'unlike'

/** A value that a filter needs and an offer may lack. */
export type Unknown = 'likeness' | 'price' | 'moq' | 'place' | 'seller'

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
  /** What the search filtered by and the listing lacks. */
  unlisted: readonly Unknown[]
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

/** An offer whose value is unknown is kept, after those that fit. */
export interface Filters {
  likeness: Likeness
  maxPrice: number | null
  maxMoq: number | null
  /** A city or province as written in the offers. */
  place: string | null
}

export const NO_FILTERS: Filters = { likeness: 'unlike', maxPrice: null, maxMoq: null, place: null }

const RANK = { unlike: 0, similar: 1, probably: 2, same: 3 } as const

/** `null` if the JSON is not the reply of a search. */
export function readPage(reply: unknown): GridPage | null {
  const page = asObject(reply)
  if (!Array.isArray(page.products)) return null
  return {
    offers: asObjects(page.products).flatMap((product, index) => readOffer(product, likenessAt(index, page.match))),
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

/** An offer that passes, with what the filters need to know of it and do not. */
export interface Arranged {
  offer: GridOffer
  unknown: readonly Unknown[]
}

/**
 * The offers that pass, in order: those that may not fit last, then unknown values of the order; the better match comes
 * first among equals.
 */
export function arrange(offers: readonly GridOffer[], sort: Sort, filters: Filters): Arranged[] {
  const keyOf = ({ offer }: Arranged) => (sort === 'moq' ? offer.moq : offer.lowPrice)
  const sign = sort === 'dear' ? -1 : 1
  return offers
    .flatMap(offer => {
      const unknown = unknownFor(offer, filters)
      return unknown === null ? [] : [{ offer, unknown }]
    })
    .sort((a, b) => {
      const byFit = Number(a.unknown.length > 0) - Number(b.unknown.length > 0)
      if (byFit !== 0 || sort === 'best') return byFit
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

/** `null` if the offer does not pass. */
function unknownFor(offer: GridOffer, { likeness, maxPrice, maxMoq, place }: Filters): Unknown[] | null {
  const fits: [Unknown, boolean | null][] = [
    ['likeness', likeness === 'unlike' || (offer.likeness && RANK[offer.likeness] >= RANK[likeness])],
    ['price', isAtMost(offer.lowPrice, maxPrice)],
    ['moq', isAtMost(offer.moq, maxMoq)],
    ['place', place === null || isAt(offer, place)],
  ]
  if (fits.some(([, fit]) => fit === false)) return null
  return [...new Set([...offer.unlisted, ...fits.flatMap(([name, fit]) => (fit === null ? [name] : []))])]
}

function isAtMost(value: number | null, most: number | null): boolean | null {
  return most === null || (value === null ? null : value <= most)
}

/** `null` if the offer names another kind of place: a province where a city is wanted, or the other way round. */
function isAt({ city, province }: GridOffer, place: string): boolean | null {
  if (city === place || province === place) return true
  return (/(?:省|自治区)$/.test(place) ? province : city) === null ? null : false
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
      unlisted: readUnlisted(product.unlisted),
      picture: asText(product.image_url),
      link: asText(product.detail_url),
    },
  ]
}

/** A reply only counts its likenesses: the first offers are the same item, the next ones probably, then similar ones. */
function likenessAt(index: number, match: unknown): Likeness | null {
  const { same_item, probably_same_item, similar } = asObject(match)
  const [same, probably, alike] = [asNumber(same_item), asNumber(probably_same_item) ?? 0, asNumber(similar)]
  if (same === null || alike === null) return null
  if (index < same) return 'same'
  if (index < same + probably) return 'probably'
  return index < same + probably + alike ? 'similar' : 'unlike'
}

/** As the reply names them: `"price, MOQ not listed"`. */
const UNLISTED: readonly (readonly [RegExp, Unknown])[] = [
  [/\bprice\b/, 'price'],
  [/\bMOQ\b/, 'moq'],
  [/\bplace\b/, 'place'],
  [/\bseller\b/, 'seller'],
]

function readUnlisted(text: unknown): Unknown[] {
  const named = asText(text) ?? ''
  return UNLISTED.flatMap(([pattern, name]) => (pattern.test(named) ? [name] : []))
}
