import type { PostgresTables } from '../../store/postgres.ts'
import { textIn } from '../../store/row.ts'
import type { OfferFilters } from '../catalogue.ts'
import { createGroupFilter } from '../ranking/group-filter.ts'

/** An SQL condition on `mcp1688_offers` under the alias `offer`, and the values of its parameters, from `$1` on. */
export interface SqlFilter {
  where: string
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

/** Whether one place lies in another is decided in this process, by place.ts, as on SQLite. */
export function createPostgresFilter({ query }: PostgresTables) {
  const placesIn = async (sources: readonly string[], location: string): Promise<string[]> => {
    const admits = createGroupFilter(sources, location)
    const places = (await query(PLACES)).map(row => textIn(row, 'place'))
    return places.filter(place => {
      const [source = '', province = '', city = ''] = place.split('\n')
      return admits({ source, province: province || null, city: city || null })
    })
  }
  return async (sources: readonly string[], { maxPrice, maxMoq, location }: OfferFilters): Promise<SqlFilter> => {
    const values: unknown[] = [location === undefined ? sources : await placesIn(sources, location)]
    const conditions = [location === undefined ? 'offer.source = ANY ($1::text[])' : 'offer.place = ANY ($1::text[])']
    for (const [column, limit] of [
      ['price_min', maxPrice],
      ['moq', maxMoq],
    ] as const) {
      if (limit === undefined) continue
      values.push(limit)
      conditions.push(`offer.${column} <= $${values.length}::float8`)
    }
    return { where: conditions.join(' AND '), values }
  }
}
