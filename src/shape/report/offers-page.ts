/** Compared offers as one self-contained page, for a buyer to print or to send to a colleague. */
import type { ComparedOffer } from '../../offers/comparison.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatFenRange, formatPerUnit } from '../../offers/price/decimal.ts'
import { formatRange } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { LandedCost, LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import { evidenceText, shapeEvidence } from '../text/evidence.ts'
import { type Html, html } from '../text/html.ts'
import { dataUrl, linkOf } from '../text/links.ts'
import { missText } from '../text/misses.ts'
import { noteOf } from '../text/remarks.ts'
import { counted } from '../text/values.ts'
import { dateOf, footOf, pageFrame } from './report.ts'

export interface OffersPage {
  compared: CompareResult
  landed: LandedCostResult | null
  /** Small WebPs of the offers' pictures, by offer ID. */
  thumbnails: ReadonlyMap<string, Uint8Array>
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

export function offersPage(page: OffersPage): string {
  const { compared, landed } = page
  const costs = new Map(landed?.offers.map(({ details, cost }) => [details.offerId, cost]))
  const { quantity } = compared.wishes
  const at = quantity === null ? 'each at its smallest order' : `at ${counted(quantity, 'unit')}`
  const title = `${counted(compared.offers.length, 'offer')} on 1688, ${at}`
  const rows = compared.offers.map((offer, index) =>
    rowOf(offer, index + 1, page, costs.get(offer.details.offerId) ?? null),
  )
  return pageFrame(
    title,
    html`<main>
<header><div class="about"><h1>${title}</h1>${aboutOf(compared)}</div></header>
<ol>${rows}</ol>
${footOf(page)}
</main>`,
  )
}

function aboutOf({ wishes, prices, failures, source, credits, remarks }: CompareResult): Html {
  const by = wishes.quantity === null ? 'unit price' : 'order total'
  const fetched = source.retrievedAt === null ? '' : `, fetched ${dateOf(source.retrievedAt)}`
  const note = noteOf(remarks)
  return html`<p class="lead">Offers within your limits first, lowest ${by} first.${prices && ` Median unit price ¥${formatRange(prices.median)}.`}</p>
<p class="lead">Source: ${source.upstream}${fetched}${source.stale ? ' (may be out of date)' : ''}. Credits spent: ${credits.spent}.</p>
${failures.map(({ reference, error }) => html`<p class="note">${reference}: ${error.message}</p>`)}
${note === null ? null : html`<p class="note">${note}</p>`}`
}

function rowOf(
  { details, quote, misses }: ComparedOffer,
  rank: number,
  { compared, thumbnails }: OffersPage,
  cost: LandedCost | null,
): Html {
  const link = linkOf(details.offerId, compared.sources.get(details.offerId) ?? compared.source.upstream)
  const title = html`<span lang="zh-CN" dir="auto">${details.title}</span>`
  const thumbnail = thumbnails.get(details.offerId)
  const picture = thumbnail
    ? html`<img class="thumb" src="${dataUrl(thumbnail)}" alt="">`
    : html`<span class="thumb"></span>`
  const place = [...new Set([details.province, details.city].filter(part => part !== null))].join(' ')
  const unit = details.unit === null ? null : html`<small lang="zh-CN">/ ${details.unit}</small>`
  const price = quote.unitPrice && `¥${formatRange(quote.unitPrice)}`
  const facts = [
    evidenceText(shapeEvidence(evidenceOf(details))),
    misses.map(missText).join(', '),
    cost === null ? '' : landedText(cost),
  ].filter(text => text !== '')
  return html`<li><span class="rank">${rank}</span>${picture}
<div class="text"><h3>${link === null ? title : html`<a href="${link}" rel="noopener noreferrer">${title}</a>`}</h3>
<p class="shop" lang="zh-CN" dir="auto">${details.shopName ?? '–'}</p><p class="id">${details.offerId}</p>
${facts.map(text => html`<p class="id">${text}</p>`)}</div>
<div class="price"><span class="amount">${price ?? html`<span class="unknown">price unknown</span>`}</span> ${unit}
<p class="place" lang="zh-CN">${place || '–'}</p></div>
<div class="terms end"><small>MOQ</small> ${details.moq ?? '–'}</div>
<div class="like end">${quote.total === null ? '–' : `¥${formatRange(quote.total)}`} <small>for ${quote.orderQuantity}</small></div></li>`
}

function landedText({ total, subtotal, without, quantity }: LandedCost): string {
  if (total) return `Landed: ¥${formatFenRange(total)}, ¥${formatPerUnit(total, quantity)} a unit`
  const lacks = without.join(', ')
  return subtotal ? `Landed without ${lacks}: ¥${formatFenRange(subtotal)}` : `No landed cost: ${lacks} unknown`
}
