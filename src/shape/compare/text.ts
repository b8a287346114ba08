import { currencyText } from '../text/currency.ts'
import { evidenceText } from '../text/evidence.ts'
import { failureLine } from '../text/failed.ts'
import { missText } from '../text/misses.ts'
import { type Column, type Page, pageText, type TextTable } from '../text/page.ts'
import { provenanceLine } from '../text/provenance.ts'
import { cell, counted, placeText } from '../text/values.ts'
import { PRICE_BASES } from '../text/words/price-basis.ts'
import type { CompareValue } from './compare.ts'

export function comparePage(value: CompareValue): Page {
  const { dry_run: cost, unit_prices: prices } = value
  const each = value.offers.length === 1 ? '' : 'each '
  const at = value.quantity === undefined ? `${each}at its smallest order` : `at ${counted(value.quantity, 'unit')}`
  const head = cost ? dryRunText(cost) : `${counted(value.offers.length, 'offer')} compared ${at}; ${orderText(value)}`
  const tail = []
  if (value.currency) tail.push(currencyText(value.currency))
  if (value.left_out) tail.push(`the last ${counted(value.left_out, 'offer')} cut for length; compare fewer at a time`)
  if (prices)
    tail.push(`unit price of ${counted(prices.offers, 'offer')} (CNY): median ${prices.median}, range ${prices.range}`)
  tail.push(
    ...value.offers.flatMap(({ offer_id: id, your_file: said }) => (said ? [`${id} in your file: ${said}`] : [])),
  )
  if (value.places.length > 0) tail.push(`places: ${value.places.map(groupText).join('; ')}`)
  tail.push(...value.failed.map(failureLine))
  if (value.note) tail.push(`note: ${value.note}`)
  tail.push(provenanceLine(value.source, value.credits), `next: ${value.next}`)
  return { head: [head], table: cost ? null : tableOf(value), tail }
}

function orderText({ ranked_by: by, offers }: CompareValue): string {
  const name = by === 'order_total' ? 'order total' : 'unit price'
  const known = offers.filter(offer => offer[by] !== undefined).length
  if (known === 0) return `offers within your limits first; no ${name} is known`
  return `offers within your limits first, lowest ${name} first${known < offers.length ? ', unknown ones last' : ''}`
}

export function compareText(value: CompareValue): string {
  return pageText(comparePage(value))
}

function dryRunText({ offers, free, credits, at_most: most }: NonNullable<CompareValue['dry_run']>): string {
  const these = offers === 1 ? 'this offer' : `these ${offers} offers`
  const orMore = most === undefined ? '' : `, up to ${most} if a source fails and the next one is asked`
  return `dry run: comparing ${these} spends ${counted(credits, 'credit')}${orMore}${free === 0 ? '' : ` (${free} at no cost)`}`
}

const COLUMNS: readonly Column[] = [
  { name: 'offer_id' },
  { name: 'unit price', kind: 'number' },
  { name: 'price from', kind: 'minor' },
  { name: 'order', kind: 'number' },
  { name: 'total', kind: 'number' },
  { name: 'MOQ', kind: 'number' },
  { name: 'lot', kind: 'minor' },
  { name: 'fits', kind: 'long' },
  { name: 'place', kind: 'long' },
  { name: 'shop', kind: 'long' },
  { name: 'title', kind: 'title' },
  { name: 'seller', kind: 'minor' },
]

const DETAILED_COLUMNS: readonly Column[] = [
  { name: 'picture', kind: 'below' },
  { name: 'link', kind: 'below' },
]

function tableOf({ offers, currency }: CompareValue): TextTable {
  const isDetailed = offers.some(offer => offer.image_url ?? offer.detail_url)
  const columns = isDetailed ? [...COLUMNS, ...DETAILED_COLUMNS] : COLUMNS
  return { columns, rows: offers.map(offer => rowOf(offer, isDetailed, currency?.code ?? '')) }
}

function rowOf(offer: CompareValue['offers'][number], isDetailed: boolean, code: string): string[] {
  const moq = offer.moq === undefined ? undefined : `${offer.moq}${offer.meets_moq === false ? ' (not met)' : ''}`
  const lot =
    offer.lot_size === undefined ? undefined : `${offer.lot_size}${offer.meets_lot === false ? ' (not met)' : ''}`
  const cells = [
    offer.from ? `${offer.offer_id} (${offer.from})` : offer.offer_id,
    offer.was === undefined ? offer.unit_price : `${offer.unit_price} (was ${offer.was})`,
    PRICE_BASES[offer.price_basis],
    `${offer.order_quantity} ${offer.unit ?? ''}`.trim(),
    offer.total_other === undefined ? offer.order_total : `${offer.order_total} (${offer.total_other} ${code})`,
    moq,
    lot,
    offer.misses?.map(missText).join(', ') ?? 'yes',
    placeText(offer),
    offer.shop_name,
    offer.title,
    evidenceText(offer),
    ...(isDetailed ? [offer.image_url, offer.detail_url] : []),
  ]
  return cells.map(cell)
}

/** `浙江省 12 (金华市 8, 义乌市 4)`. */
function groupText({ province, offers, cities }: CompareValue['places'][number]): string {
  const parts = cities.map(({ city, offers: count }) =>
    count === offers && cities.length === 1 ? city : `${city} ${count}`,
  )
  return `${cell(province ?? 'unknown')} ${offers}${parts.length === 0 ? '' : ` (${parts.map(cell).join(', ')})`}`
}
