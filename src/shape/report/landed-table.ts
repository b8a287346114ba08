/** What each order costs where it arrives, part by part. */
import { formatFen, formatFenRange, formatPerUnit, fromFen } from '../../offers/price/decimal.ts'
import type {
  CostPartName,
  EstimatedOffer,
  FenRange,
  LandedCostResult,
} from '../../offers/results/landed-cost-result.ts'
import { type Html, html } from '../text/html.ts'
import type { Words } from './words.ts'

const PARTS = [
  'goods',
  'domestic freight',
  'international freight',
  'duty',
  'VAT',
  'fees',
] as const satisfies CostPartName[]

export function landedTable(landed: LandedCostResult, words: Words): Html {
  const { offers, currency } = landed
  const heads = [words.offer, words.quantity, ...PARTS.map(words.part), words.total, words.perUnit]
  return html`<h2>${words.landed} <span>${offers.length}</span></h2>
<p class="lead">${words.landedLead} ${currency && words.rate(currency)}</p>
<div class="wide" tabindex="0" role="region" aria-label="${words.landed}"><table><thead><tr>${heads.map(
    (head, index) => html`<th scope="col"${index === 0 ? null : html` class="end"`}>${head}</th>`,
  )}</tr></thead>
<tbody>${offers.map(offer => rowOf(offer, landed, words))}</tbody></table></div>`
}

function rowOf({ details, cost }: EstimatedOffer, { currency }: LandedCostResult, words: Words): Html {
  const amountOf = (name: CostPartName) => cost.parts.find(part => part.name === name)?.amount ?? null
  const total = cost.total
  const perUnit = total && `¥${formatPerUnit(total, cost.quantity)}`
  const other = (range: FenRange) =>
    currency === null
      ? null
      : html` <small>${formatFenRange({ low: fromFen(range.low, currency.rate.value), high: fromFen(range.high, currency.rate.value) })} ${currency.code}</small>`
  const lacks =
    cost.without.length === 0
      ? null
      : html`<small>${words.lacks(cost.without, cost.subtotal && formatFenRange(cost.subtotal))}</small>`
  return html`<tr><th scope="row"><span lang="zh-CN" dir="auto">${details.title}</span> <small>${details.offerId}</small>${lacks}</th>
<td>${cost.quantity}</td>${PARTS.map(name => {
    const amount = amountOf(name)
    return html`<td>${amount === null ? '–' : formatFen(amount.high)}</td>`
  })}
<td><strong>${total === null ? '–' : `¥${formatFenRange(total)}`}</strong>${total && other(total)}</td><td>${perUnit ?? '–'}</td></tr>`
}
