/** The table of offers in a search reply. */
import type { Column, TextTable } from '../text/page.ts'
import { cell } from '../text/values.ts'
import type { ResultValue } from './schema.ts'

const COLUMNS: readonly Column[] = [{ name: 'city' }, { name: 'shop', kind: 'long' }, { name: 'title', kind: 'title' }]

const DETAILED_COLUMNS: readonly Column[] = [
  { name: 'MOQ', kind: 'number' },
  { name: 'province' },
  { name: 'picture', kind: 'below' },
  { name: 'link', kind: 'below' },
]

export function tableOf({ products, match, currency }: ResultValue): TextTable {
  const shown = {
    currency: currency !== undefined,
    similarity: products.some(product => product.similarity !== undefined),
    // In our own ranking, headings say it.
    likeness: match.same_item === undefined && products.some(product => product.likeness !== undefined),
    evidence: products.some(product => product.evidence !== undefined),
    unlisted: products.some(product => product.unlisted !== undefined),
    details: products.some(({ image_url, detail_url, moq, province }) => image_url ?? detail_url ?? moq ?? province),
  }
  const columns: Column[] = [
    { name: 'offer_id' },
    ...(shown.similarity ? [{ name: 'similarity', kind: 'number' as const }] : []),
    ...(shown.likeness ? [{ name: 'likeness' }] : []),
    { name: 'price CNY', kind: 'number' },
    ...(currency ? [{ name: currency.code, kind: 'number' as const }] : []),
    ...COLUMNS,
    ...(shown.evidence ? [{ name: 'evidence', kind: 'long' as const }] : []),
    ...(shown.unlisted ? [{ name: 'filter' }] : []),
    ...(shown.details ? DETAILED_COLUMNS : []),
  ]
  const rows: (string | string[])[] = []
  for (const [index, product] of products.entries()) {
    const group = likenessAt(index, match)
    if (group !== null && group !== likenessAt(index - 1, match)) rows.push(group)
    rows.push(rowOf(product, shown))
  }
  return { columns, rows }
}

interface ShownColumns {
  currency: boolean
  similarity: boolean
  likeness: boolean
  evidence: boolean
  unlisted: boolean
  details: boolean
}

function rowOf(product: ResultValue['products'][number], shown: ShownColumns): string[] {
  const offerId = product.from ? `${product.offer_id} (${product.from})` : product.offer_id
  const moq = product.moq === undefined ? undefined : `${product.moq} ${product.unit ?? ''}`.trim()
  const cells = [
    offerId,
    ...(shown.similarity ? [product.similarity?.toFixed(2)] : []),
    ...(shown.likeness ? [product.likeness] : []),
    priceOf(product),
    ...(shown.currency ? [product.price_other] : []),
    ...[product.city, product.shop_name, product.title],
    ...(shown.evidence ? [product.evidence] : []),
    ...(shown.unlisted ? [product.unlisted] : []),
    ...(shown.details ? [moq, product.province, product.image_url, product.detail_url] : []),
  ]
  return cells.map(cell)
}

function priceOf({ price, quoted }: ResultValue['products'][number]): string | undefined {
  return price !== undefined && quoted !== undefined ? `${price} (${quoted})` : (price ?? quoted)
}

/** `null` if nothing was compared. */
function likenessAt(index: number, match: ResultValue['match']): string | null {
  const { same_item: same, probably_same_item: probably = 0, similar } = match
  if (index < 0 || same === undefined || similar === undefined) return null
  if (index < same) return 'same item'
  if (index < same + probably) return 'probably the same item'
  return index < same + probably + similar ? 'similar' : 'not alike'
}
