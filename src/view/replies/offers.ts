/** Offers as the grid reads them from a reply, completed with cards, sorted and filtered. */
import { asNumber, asObject, asObjects, asText, asTexts, type Json } from '../bridge/json.ts'
import { type Note, type Provenance, readProvenance } from './provenance.ts'

export type Likeness = 'same' | 'probably' | 'similar' | 'unlike'

export type Seller = 'factory' | 'trader'

/** `null` is unknown. */
export interface Marks {
  sold: string | null
  /** In percent. */
  repurchase: number | null
  years: number | null
}

/** A value that a filter needs and an offer may lack. */
export type Unknown = (typeof UNKNOWNS)[number]
const UNKNOWNS = ['price', 'moq', 'place', 'seller'] as const

/** `null` is unknown. */
export interface GridOffer {
  offerId: string
  title: string
  /** The seller's text, in CNY. */
  price: string | null
  /** The seller's own price, in another currency than CNY. */
  quoted: string | null
  /** The lowest number in it. */
  lowPrice: number | null
  /** In the other currency. */
  priceOther: string | null
  shopName: string | null
  city: string | null
  province: string | null
  moq: number | null
  unit: string | null
  likeness: Likeness | null
  seller: Seller | null
  isAd: boolean
  /** Such as `sold_out`, as the details said that were read last. */
  status: string | null
  /** Sales, repurchase rate and years, as short as a card has room for. */
  marks: Marks
  /** What the search filtered by and the listing lacks. */
  unlisted: readonly Unknown[]
  /** https address, or a data: URL. */
  picture: string | null
  link: string | null
}

export interface GridPage {
  offers: GridOffer[]
  /** The picture or the words of the search. */
  query: Note
  totalFound: number | null
  /** References to picked photos, if they were searched with. */
  handles: string[]
  /** Of the further page, if there is one. */
  nextPage: number | null
  /** The other currency. */
  currency: string | null
  provenance: Provenance
}

export const SORTS = ['best', 'cheap', 'dear', 'moq'] as const

export type Sort = (typeof SORTS)[number]

/** An offer whose value is unknown is kept, after those that fit. */
export interface Filters {
  factoriesOnly: boolean
  maxPrice: number | null
  maxMoq: number | null
  /** A city or province as written in the offers. */
  place: string | null
}

export const NO_FILTERS: Filters = { factoriesOnly: false, maxPrice: null, maxMoq: null, place: null }

/** Closest first. */
export const LIKENESSES = ['same', 'probably', 'similar', 'unlike'] as const

/** `null` if the JSON is not the reply of a search. */
export function readPage(reply: unknown): GridPage | null {
  const page = asObject(reply)
  if (!Array.isArray(page.products)) return null
  const currency = asText(asObject(page.currency).code)
  return {
    offers: asObjects(page.products).flatMap((product, index) =>
      readOffer(product, likenessAt(index, page.match), currency),
    ),
    query: [asText(page.query_image_url) ?? asText(page.query), asText(asObject(page.zh).query)],
    totalFound: asNumber(page.total_found),
    handles: asTexts([page.image_url, page.more_image_urls].flat()),
    nextPage: nextPageOf(page),
    currency,
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
    status: asText(card.status) ?? offer.status,
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
function unknownFor(offer: GridOffer, { factoriesOnly, maxPrice, maxMoq, place }: Filters): Unknown[] | null {
  const fits: [Unknown, boolean | null][] = [
    ['seller', !factoriesOnly || (offer.seller && offer.seller === 'factory')],
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

function readOffer(product: Json, byRank: Likeness | null, currency: string | null): GridOffer[] {
  const offerId = asText(product.offer_id)
  if (offerId === null) return []
  const price = asText(product.price)
  const other = asText(product.price_other)
  return [
    {
      offerId,
      title: asText(product.title) ?? offerId,
      price,
      quoted: asText(product.quoted),
      lowPrice: lowestPrice(price),
      priceOther: other && `${other} ${currency ?? ''}`.trim(),
      shopName: asText(product.shop_name),
      city: asText(product.city),
      province: asText(product.province),
      moq: asNumber(product.moq),
      unit: asText(product.unit),
      likeness: LIKENESSES.find(likeness => wordOf(likeness) === product.likeness) ?? byRank,
      ...readEvidence(asText(product.evidence) ?? ''),
      unlisted: readUnlisted(product.unlisted),
      status: null,
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

/** The likenesses in the words of a reply, closest first. */
const WORDS = ['same item', 'probably the same item', 'similar', 'not alike']

export function wordOf(likeness: Likeness): string {
  return WORDS[LIKENESSES.indexOf(likeness)] ?? likeness
}

/** Reads `sold 5万+, repurchase 13%, factory 7y, ad`, or the longer words of a detailed reply. */
function readEvidence(text: string): Pick<GridOffer, 'seller' | 'isAd' | 'marks'> {
  const part = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null
  const number = (pattern: RegExp) => asNumber(Number(part(pattern) ?? Number.NaN))
  const seller = part(/(?:^|, )(factory|trader)\b/)
  return {
    seller: seller === 'factory' || seller === 'trader' ? seller : null,
    isAd: /(?:^|, )ad$/.test(text),
    marks: {
      sold: part(/(?:^|, )sold ([^,]+)/),
      repurchase: number(/repurchase (\d+)%/),
      years: number(/\b(\d+)(?:y\b| years?\b)/),
    },
  }
}

/** The reply says in words where it goes on. */
function nextPageOf({ page, next }: Json): number | null {
  const number = asNumber(page)
  return number !== null && (asText(next) ?? '').includes(`page ${number + 1} has more`) ? number + 1 : null
}

/** As the reply names them: `"price, MOQ not listed"`. */
function readUnlisted(text: unknown): Unknown[] {
  const named = (asText(text) ?? '').toLowerCase()
  return UNKNOWNS.filter(name => named.includes(name))
}
