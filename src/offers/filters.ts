/** The filters and orders of a search, as they apply to one offer. */
import * as z from 'zod'
import { evidenceOf } from './evidence/evidence.ts'
import type { OfferSummary } from './offer.ts'
import { type Fit, placeFit, resolvePlace } from './place/place.ts'

export const SORT_ORDERS = ['best_match', 'price_asc', 'price_desc', 'sales', 'repurchase'] as const

export type SortOrder = (typeof SORT_ORDERS)[number]

export const SELLER_FILTERS = ['any', 'factory', 'verified'] as const

export type SellerFilter = (typeof SELLER_FILTERS)[number]

/** What an upstream may be able to apply. */
export interface SearchFilters {
  /** For the lowest unit price, in CNY. */
  minPrice?: number
  /** For the lowest unit price, in CNY. */
  maxPrice?: number
  /** In units. */
  maxMoq?: number
  /** Default: best match. */
  sort?: SortOrder
  /** Default: any. */
  seller?: SellerFilter
}

export const searchFilters: z.ZodType<SearchFilters> = z.object({
  minPrice: z.number().exactOptional(),
  maxPrice: z.number().exactOptional(),
  maxMoq: z.number().exactOptional(),
  sort: z.enum(SORT_ORDERS).exactOptional(),
  seller: z.enum(SELLER_FILTERS).exactOptional(),
})

export interface OfferFilters extends SearchFilters {
  /** City or province, in Chinese (with or without 省/市) or pinyin. */
  location?: string
}

/** A value that a filter needs and a listing may lack. */
export type FilteredValue = 'price' | 'MOQ' | 'place' | 'kind of seller'

/** The values that an offer lacks: none if it fits; `null` if it does not pass. */
export type OfferFilter = (offer: OfferSummary) => FilteredValue[] | null

/** @param applied filters that the upstream has applied already: it may know what the offer does not say. */
export function createOfferFilter(filters: OfferFilters, applied: SearchFilters = {}): OfferFilter {
  const { minPrice, maxPrice, maxMoq, seller = 'any', location } = filters
  const places = location === undefined ? null : resolvePlace(location)
  return offer => {
    const price = offer.price?.min ?? null
    const fits: [FilteredValue, Fit, isApplied: boolean][] = [
      ['price', boundFit(price, undefined, maxPrice), 'maxPrice' in applied],
      ['price', boundFit(price, minPrice, undefined), 'minPrice' in applied],
      ['MOQ', boundFit(offer.moq, undefined, maxMoq), 'maxMoq' in applied],
      ['place', places === null ? 'fits' : placeFit(places, offer), false],
      ['kind of seller', sellerFit(seller, evidenceOf(offer)), 'seller' in applied],
    ]
    if (fits.some(([, fit]) => fit === 'misses')) return null
    const unknown = fits.filter(([, fit, isApplied]) => fit === 'unknown' && !isApplied).map(([value]) => value)
    return [...new Set(unknown)]
  }
}

/** Whether any filter, apart from the order, is set. */
export function isFiltered({ sort: _sort, seller = 'any', ...bounds }: OfferFilters): boolean {
  return seller !== 'any' || Object.values(bounds).some(value => value !== undefined)
}

/** The values that the filters need. */
export function valuesFiltered({
  minPrice,
  maxPrice,
  maxMoq,
  seller = 'any',
  location,
}: OfferFilters): FilteredValue[] {
  return [
    ...(minPrice === undefined && maxPrice === undefined ? [] : ['price' as const]),
    ...(maxMoq === undefined ? [] : ['MOQ' as const]),
    ...(location === undefined ? [] : ['place' as const]),
    ...(seller === 'any' ? [] : ['kind of seller' as const]),
  ]
}

/** Of two filters on one offer. */
export function worst(a: Fit, b: Fit): Fit {
  if (a === 'misses' || b === 'misses') return 'misses'
  return a === 'fits' ? b : a
}

export function boundFit(value: number | null, min: number | undefined, max: number | undefined): Fit {
  if (min === undefined && max === undefined) return 'fits'
  if (value === null) return 'unknown'
  return (min === undefined || value >= min) && (max === undefined || value <= max) ? 'fits' : 'misses'
}

const VERIFIED = ['verified_merchant', 'super_factory']

/** An offer without badges may only lack the source that names them. */
export function sellerFit(seller: SellerFilter, { sellerKind, badges }: SellerFacts): Fit {
  if (seller === 'any') return 'fits'
  if (seller === 'verified') {
    if (badges.some(badge => VERIFIED.includes(badge))) return 'fits'
    return badges.length === 0 ? 'unknown' : 'misses'
  }
  if (sellerKind === 'factory' || badges.includes('super_factory')) return 'fits'
  return sellerKind === null ? 'unknown' : 'misses'
}

export interface SellerFacts {
  sellerKind: string | null
  badges: readonly string[]
}

/** Compares two offers; one whose value is unknown comes last. */
export function compareBy(sort: SortOrder): (a: OfferSummary, b: OfferSummary) => number {
  const keyOf = SORT_KEYS[sort]
  return (a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    return left - right
  }
}

const SORT_KEYS: Readonly<Record<SortOrder, (offer: OfferSummary) => number | null>> = {
  best_match: () => 0,
  price_asc: ({ price }) => price?.min ?? null,
  price_desc: ({ price }) => negative(price?.min),
  sales: offer => negative(evidenceOf(offer).sold?.atLeast),
  repurchase: offer => negative(evidenceOf(offer).repurchaseRate),
}

function negative(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : -value
}
