import { currencyLines } from '../text/currency.ts'
import { type Column, type Page, pageText, type TextTable } from '../text/page.ts'
import { provenanceLine } from '../text/provenance.ts'
import { cell, counted, placeText } from '../text/values.ts'
import type { SourceManyValue } from './source-many.ts'

type ProductValue = SourceManyValue['products'][number]

const FIRST_COLUMNS: readonly Column[] = [
  { name: 'offer_id' },
  { name: 'similarity', kind: 'number' },
  { name: 'unit price CNY', kind: 'number' },
]

const COLUMNS: readonly Column[] = [
  { name: 'order', kind: 'number' },
  { name: 'total', kind: 'number' },
  { name: 'MOQ', kind: 'number' },
  { name: 'city' },
  { name: 'shop', kind: 'long' },
  { name: 'title', kind: 'title' },
  { name: 'evidence', kind: 'minor' },
]

export function sourceManyPage(value: SourceManyValue): Page {
  const { suppliers, suppliers_left_out: leftOut } = value
  const several = suppliers.length > 0 ? ['suppliers of several products:', ...suppliers.map(supplierLine)] : []
  const head = [headLine(value), ...(value.note ? [`note: ${value.note}`] : [])]
  const hasOffers = value.products.some(({ offers }) => offers.length > 0)
  return {
    head: hasOffers ? head : [...head, ...value.products.map(headingOf)],
    table: hasOffers ? tableOf(value) : null,
    tail: [
      ...several,
      ...(leftOut === undefined ? [] : [`${counted(leftOut, 'further supplier')} of several products`]),
      ...currencyLines(value.currency),
      provenanceLine(value.source, value.credits),
      `next: ${value.next}`,
    ],
  }
}

export function sourceManyText(value: SourceManyValue): string {
  return pageText(sourceManyPage(value))
}

function headLine({ products, left, failed, dry_run: price, max_credits: most }: SourceManyValue): string {
  const all = counted(products.length, 'product')
  if (price) return `dry run: ${all} cost at most ${counted(price.credits, 'credit')}`
  const found = products.filter(({ status }) => status === 'found').length
  const rest = [
    ...(left.length > 0 ? [`left for another call: ${left.join(', ')}`] : []),
    ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
  ]
  return [`${found} of ${all} searched, within ${counted(most, 'credit')}`, ...rest].join('; ')
}

function tableOf({ products, currency }: SourceManyValue): TextTable {
  const other: Column[] = currency ? [{ name: currency.code, kind: 'number' }] : []
  return {
    columns: [...FIRST_COLUMNS, ...other, ...COLUMNS],
    rows: products.flatMap(product => [
      headingOf(product),
      ...product.offers.map(offer => rowOf(offer, currency !== undefined)),
    ]),
  }
}

/** `1. 马克杯, 200 units, 20 offers, best: similar`. */
function headingOf(product: ProductValue): string {
  const { product: number, query, quantity, status, credits, best, offers_read: read, code, reason, note } = product
  const facts = [
    `${number}. ${cell(query)}`,
    ...(quantity === undefined ? [] : [counted(quantity, 'unit')]),
    ...(status === 'found' ? [counted(read, 'offer')] : [status]),
    ...(credits === undefined ? [] : [counted(credits, 'credit')]),
    ...(best === undefined ? [] : [`best: ${best}`]),
  ]
  const why = reason === undefined ? '' : ` (${code}: ${reason})`
  return `${facts.join(', ')}${why}${note === undefined ? '' : ` (${note})`}`
}

function rowOf(offer: ProductValue['offers'][number], hasOther: boolean): string[] {
  return [
    offer.offer_id,
    offer.similarity?.toFixed(2),
    offer.unit_price,
    ...(hasOther ? [offer.unit_other] : []),
    offer.order_quantity,
    offer.order_total,
    offer.moq,
    offer.city,
    offer.shop_name,
    offer.title,
    offer.evidence,
  ].map(cell)
}

function supplierLine(supplier: SourceManyValue['suppliers'][number]): string {
  const { shop_name: name, shop_id: id, covers, orders_total: total, evidence } = supplier
  const about = [placeText(supplier), evidence ?? '', id === undefined ? '' : `shop_id ${id}`].filter(
    part => part !== '',
  )
  const offers = covers.map(({ product, offer_id, unit_price: price }) => `${product}: ${offer_id} at ${cell(price)}`)
  const orders = total === undefined ? '' : `; together ${total} CNY`
  return `- ${cell(name)}${about.length === 0 ? '' : ` (${about.join('; ')})`} covers ${covers.length}: ${offers.join(', ')}${orders}`
}
