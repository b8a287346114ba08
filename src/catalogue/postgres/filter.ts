import type { OfferFilters, SellerFilter } from '../../offers/filters.ts'
import type { Fit } from '../../offers/place/place.ts'
import type { PostgresTables } from '../../store/postgres.ts'
import { textIn } from '../../store/row.ts'
import { createGroupFilter } from '../ranking/group-filter.ts'

/** SQL conditions on `mcp1688_offers` under the alias `offer`, and the values of their parameters, from `$1` on. */
export interface SqlFilter {
  /** Of the offers that are not excluded. */
  where: string
  /** Of those that fit. */
  fits: string
  values: unknown[]
}

/**
 * All places in the catalogue, by skipping through the index: some hundreds of steps, regardless of the number of
 * offers.
 */
const PLACES = `
  WITH RECURSIVE places AS (
    (SELECT place FROM mcp1688_offers ORDER BY place LIMIT 1)
    UNION ALL
    SELECT (SELECT offer.place FROM mcp1688_offers AS offer WHERE offer.place > places.place ORDER BY offer.place LIMIT 1)
    FROM places WHERE places.place IS NOT NULL
  ) SELECT place FROM places WHERE place IS NOT NULL`

/** NULL where the seller is not known well enough; as offers/filters.ts decides it. */
const SELLER: Readonly<Record<SellerFilter, string | null>> = {
  any: null,
  factory: `(CASE WHEN offer.facts ->> 'sellerKind' = 'factory' OR offer.facts -> 'badges' @> '["super_factory"]' THEN true
    WHEN offer.facts ->> 'sellerKind' IS NOT NULL THEN false END)`,
  verified: `(CASE WHEN offer.facts -> 'badges' @> '["verified_merchant"]' OR offer.facts -> 'badges' @> '["super_factory"]' THEN true
    WHEN offer.facts -> 'badges' IS NOT NULL THEN false END)`,
}

/** Whether one place lies in another is decided in this process, by place.ts, as on SQLite. */
export function createPostgresFilter({ query }: PostgresTables) {
  const placesIn = async (sources: readonly string[], location: string): Promise<Record<Fit, string[]>> => {
    const fitOf = createGroupFilter(sources, { location })
    const places: Record<Fit, string[]> = { fits: [], unknown: [], misses: [] }
    for (const place of (await query(PLACES)).map(row => textIn(row, 'place'))) {
      const [source = '', province = '', city = ''] = place.split('\n')
      const group = { source, province: province || null, city: city || null, sellerKind: null, badges: [] }
      places[fitOf(group)].push(place)
    }
    return places
  }
  /** @param except IDs of offers that are left out. */
  return async (
    sources: readonly string[],
    filters: OfferFilters,
    except: readonly string[] = [],
  ): Promise<SqlFilter> => {
    const { minPrice, maxPrice, maxMoq, seller = 'any', location } = filters
    const values: unknown[] = []
    const parameter = (value: unknown): string => `$${values.push(value)}`
    const conditions: string[] = []
    let admitted: string
    if (location === undefined) {
      admitted = `offer.source = ANY (${parameter(sources)}::text[])`
    } else {
      const { fits, unknown } = await placesIn(sources, location)
      admitted = `offer.place = ANY (${parameter([...fits, ...unknown])}::text[])`
      conditions.push(`nullif(offer.place = ANY (${parameter(fits)}::text[]), false)`)
    }
    if (except.length > 0) admitted += ` AND offer.offer_id <> ALL (${parameter(except)}::text[])`
    if (minPrice !== undefined) conditions.push(`offer.price_min >= ${parameter(minPrice)}::float8`)
    if (maxPrice !== undefined) conditions.push(`offer.price_min <= ${parameter(maxPrice)}::float8`)
    if (maxMoq !== undefined) conditions.push(`offer.moq <= ${parameter(maxMoq)}::float8`)
    if (SELLER[seller] !== null) conditions.push(SELLER[seller])
    return {
      where: [admitted, ...conditions.map(condition => `(${condition}) IS NOT FALSE`)].join(' AND '),
      fits: [admitted, ...conditions].join(' AND '),
      values,
    }
  }
}
