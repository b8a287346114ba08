/** Translates the sales trend of the 1688 Open Platform. Field names: its public documentation. */
import { parseCount } from '../../../offers/count.ts'
import type { Sales } from '../../../offers/extras.ts'
import { asList, asObject, needObject } from '../../json-readers.ts'

/** @param body of `getPerdaySellQuantityTrendNew`. @throws AppError `upstream_changed`. */
export function parseSalesTrend(body: unknown): Sales {
  const result = needObject(asObject(body)?.result, 'result')
  const days = asList(result.result).flatMap(value => {
    const row = asObject(value)
    // 20240701
    const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(String(row?.date)) ?? []
    const sold = parseCount(row?.value)?.atLeast
    return year === undefined || sold === undefined ? [] : { date: `${year}-${month}-${day}`, sold }
  })
  const sorted = days.toSorted((a, b) => a.date.localeCompare(b.date))
  return { soldIn30Days: null, soldInTotal: null, days: sorted, prices: [] }
}
