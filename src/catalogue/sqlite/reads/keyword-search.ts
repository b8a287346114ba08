import type { SortOrder } from '../../../offers/filters.ts'
import { numberIn, type Row, textIn } from '../../../store/row.ts'
import type { Catalogue } from '../../catalogue.ts'
import { createGroupFilter } from '../../ranking/group-filter.ts'
import { readGroup, readOffer } from '../../rows.ts'
import { asMatchExpression } from '../../words.ts'
import type { CatalogueFile } from '../catalogue-file.ts'

/** NULL if an offer lacks a value that a bound needs. */
const IN_BOUNDS = `((:minPrice IS NULL OR price_min >= :minPrice) AND (:maxPrice IS NULL OR price_min <= :maxPrice)
  AND (:maxMoq IS NULL OR moq <= :maxMoq))`

const FOUND = `
  FROM offer_words JOIN offers ON id = offer_words.rowid
  WHERE offer_words MATCH :expression AND ${IN_BOUNDS} IS NOT 0`

const GROUP = `source, province, city, facts ->> '$.sellerKind' AS seller_kind, facts ->> '$.badges' AS badges`

const IN_GROUPS = (parameter: string) =>
  `json_array(source, province, city, facts ->> '$.sellerKind', facts ->> '$.badges') IN (SELECT value FROM json_each(${parameter}))`

const ORDER: Readonly<Record<SortOrder, string>> = {
  best_match: 'bm25(offer_words)',
  price_asc: 'price_min ASC NULLS LAST, bm25(offer_words)',
  price_desc: 'price_min DESC NULLS LAST, bm25(offer_words)',
  sales: "facts ->> '$.sold[1]' DESC NULLS LAST, bm25(offer_words)",
  repurchase: "facts ->> '$.repurchaseRate' DESC NULLS LAST, bm25(offer_words)",
}

/** A search takes about 1 ms per thousand offers that contain the words. */
export function createKeywordSearch({ database, read }: CatalogueFile): Catalogue['searchKeyword'] {
  const groupsOf = database.prepare(`
    SELECT ${GROUP}, count(*) AS offers, count(*) FILTER (WHERE ${IN_BOUNDS}) AS in_bounds ${FOUND} GROUP BY 1, 2, 3, 4, 5`)
  const countOffers = database.prepare(`
    SELECT count(DISTINCT offer_id) AS found,
      count(DISTINCT CASE WHEN ${IN_BOUNDS} AND ${IN_GROUPS(':fitting')} THEN offer_id END) AS fitting
    ${FOUND} AND ${IN_GROUPS(':groups')}`)
  const pageIn = (sort: SortOrder) =>
    database.prepare(`
      SELECT offers.* ${FOUND} AND ${IN_GROUPS(':groups')}
      ORDER BY coalesce(${IN_BOUNDS}, 0) AND ${IN_GROUPS(':fitting')} DESC, ${ORDER[sort]}, source, offer_id
      LIMIT :limit OFFSET :offset`)
  const byMatch = pageIn('best_match')
  return async ({ text, sources, filters, offset, limit }) => {
    const expression = asMatchExpression(text)
    if (expression === null) return { offers: [], found: 0, fitting: 0 }
    const admits = createGroupFilter(sources, filters)
    const { minPrice = null, maxPrice = null, maxMoq = null, sort = 'best_match' } = filters
    const fixed = { expression, minPrice, maxPrice, maxMoq }
    const page = sort === 'best_match' ? byMatch : pageIn(sort)
    return await read(() => {
      const groups = groupsOf.all(fixed).map(row => ({ row, fit: admits(readGroup(row)) }))
      const admitted = groups.filter(({ fit }) => fit !== 'misses').map(({ row }) => row)
      const fitting = groups.filter(({ fit }) => fit === 'fits').map(({ row }) => row)
      const keys = { groups: JSON.stringify(admitted.map(keyOf)), fitting: JSON.stringify(fitting.map(keyOf)) }
      const offers = page.all({ ...fixed, ...keys, limit, offset }).map(readOffer)
      // Only several sources can know the same offer, and sums of what is at hand take no time.
      if (new Set(admitted.map(row => textIn(row, 'source'))).size > 1) {
        const counts = countOffers.get({ ...fixed, ...keys })
        return { offers, found: numberIn(counts, 'found'), fitting: numberIn(counts, 'fitting') }
      }
      const sum = (rows: readonly Row[], column: string) => rows.reduce((all, row) => all + numberIn(row, column), 0)
      return { offers, found: sum(admitted, 'offers'), fitting: sum(fitting, 'in_bounds') }
    })
  }
}

/** As SQLite's json_array writes it. */
function keyOf({ source, province, city, seller_kind: sellerKind, badges }: Row): string {
  return JSON.stringify([source, province, city, sellerKind, badges])
}
