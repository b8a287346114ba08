import { nullableTextIn, numberIn, type Row, textIn } from '../../store/row.ts'
import type { Catalogue } from '../catalogue.ts'
import { createGroupFilter } from '../ranking/group-filter.ts'
import { readOffer } from '../rows.ts'
import { asMatchExpression } from '../words.ts'
import type { CatalogueFile } from './catalogue-file.ts'

const FOUND = `
  FROM offer_words JOIN offers ON id = offer_words.rowid
  WHERE offer_words MATCH :expression
    AND (:maxPrice IS NULL OR price_min <= :maxPrice) AND (:maxMoq IS NULL OR moq <= :maxMoq)`

const IN_GROUPS = 'AND json_array(source, province, city) IN (SELECT value FROM json_each(:groups))'

/** A search takes about 1 ms per thousand offers that contain the words. */
export function createKeywordSearch({ database, read }: CatalogueFile): Catalogue['searchKeyword'] {
  const groupsOf = database.prepare(`SELECT source, province, city, count(*) AS offers ${FOUND} GROUP BY 1, 2, 3`)
  const page = database.prepare(`
    SELECT offers.* ${FOUND} ${IN_GROUPS} ORDER BY bm25(offer_words), source, offer_id LIMIT :limit OFFSET :offset`)
  return async ({ text, sources, filters, offset, limit }) => {
    const expression = asMatchExpression(text)
    if (expression === null) return { offers: [], found: 0 }
    const admits = createGroupFilter(sources, filters.location)
    const fixed = { expression, maxPrice: filters.maxPrice ?? null, maxMoq: filters.maxMoq ?? null }
    return await read(() => {
      const groups = groupsOf.all(fixed).map(readGroup).filter(admits)
      const keys = groups.map(({ source, province, city }) => JSON.stringify([source, province, city]))
      const rows = page.all({ ...fixed, groups: JSON.stringify(keys), limit, offset })
      return { offers: rows.map(readOffer), found: groups.reduce((sum, group) => sum + group.offers, 0) }
    })
  }
}

function readGroup(row: Row) {
  return {
    source: textIn(row, 'source'),
    province: nullableTextIn(row, 'province'),
    city: nullableTextIn(row, 'city'),
    offers: numberIn(row, 'offers'),
  }
}
