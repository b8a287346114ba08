/** Translates reviews, sales and description pictures of TMAPI. Field names: its public documentation. */
import { parseCount } from '../../offers/count.ts'
import type { Freight, FreightQuery, Reviews, Sales } from '../../offers/extras.ts'
import { parsePrice } from '../../offers/price/price.ts'
import { cleanText } from '../../offers/text.ts'
import { asField, asInteger, asList, asObject, asPictures, needObject, upstreamChanged } from '../json-readers.ts'

/** In characters. */
const REVIEW_MAX_CHARS = 300

/** A larger fee is something else. */
const HIGHEST_FEE_CNY = 1e7

/** What 1688 writes where a buyer wrote nothing: `系统默认好评`, `给出了五星好评`. */
const DEFAULT_TEXT = /系统默认好评|未及时做出评价|给出了五星好评|没有填写评价|默认评价/

/** @param body of `item/rating`. @throws AppError `upstream_changed`. */
export function parseReviews(body: unknown): Reviews {
  const data = needObject(needObject(body, 'the body').data, 'data')
  const rows = asList(data.list).map(asObject)
  const texts = rows.map(row => cleanText(row?.feedback, REVIEW_MAX_CHARS))
  const list = rows.flatMap((row, index) => {
    const text = texts[index] ?? null
    if (text === null || DEFAULT_TEXT.test(text)) return []
    const stars = asInteger(row?.rate_star, 1, 5)
    return { text, date: dateOf(row?.feedback_date), stars, variant: asField(row?.sku_map) }
  })
  return {
    list: list.toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? '')),
    defaults: rows.length - list.length,
  }
}

/** @param body of `item/statistics/sales`. @throws AppError `upstream_changed`. */
export function parseSales(body: unknown): Sales {
  const data = needObject(needObject(body, 'the body').data, 'data')
  return {
    soldIn30Days: parseCount(data.sales_quantity_30days)?.atLeast ?? null,
    soldInTotal: parseCount(data.sales_quantity_total)?.text ?? null,
    days: byDate(data.sales_trend, (date, row) => {
      const sold = parseCount(row.sales_quantity)?.atLeast
      return sold === undefined ? [] : { date, sold }
    }),
    prices: byDate(data.price_trend, (date, row) => {
      const [min, max] = [parsePrice(row.price_min), parsePrice(row.price_max)]
      return min === null || max === null ? [] : { date, min: min.min, max: max.max }
    }),
  }
}

/** @param body of `item_desc`. @throws AppError `upstream_changed`. */
export function parseDescriptionPictures(body: unknown): string[] {
  const data = needObject(needObject(body, 'the body').data, 'data')
  return asPictures(data.detail_imgs)
}

export function freightParams({ offerId, province, quantity, weightKg }: FreightQuery): Record<string, string> {
  const weight = weightKg === null ? {} : { total_weight: String(weightKg) }
  return { item_id: offerId, province, total_quantity: String(quantity), ...weight }
}

/** @param body of `item/shipping`. @throws AppError `upstream_changed`. */
export function parseFreight(body: unknown): Freight {
  const { total_fee: fee } = needObject(needObject(body, 'the body').data, 'data')
  const feeCny = typeof fee === 'number' || (typeof fee === 'string' && fee.trim() !== '') ? Number(fee) : Number.NaN
  if (!(feeCny >= 0 && feeCny <= HIGHEST_FEE_CNY)) throw upstreamChanged('data.total_fee', 'an amount')
  return { feeCny }
}

function byDate<T extends { date: string }>(
  rows: unknown,
  read: (date: string, row: Readonly<Record<string, unknown>>) => T | T[],
): T[] {
  const dated = asList(rows).flatMap(value => {
    const row = asObject(value)
    const date = dateOf(row?.date)
    return row === null || date === null ? [] : read(date, row)
  })
  return dated.toSorted((a, b) => a.date.localeCompare(b.date))
}

function dateOf(value: unknown): string | null {
  return (typeof value === 'string' ? /^\d{4}-\d\d-\d\d/.exec(value)?.[0] : undefined) ?? null
}
