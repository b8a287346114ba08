/** Compared offers as one self-contained page, for a buyer to print or to send to a colleague. */
import type { ComparedOffer } from '../../offers/comparison.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import { formatRange } from '../../offers/price/money.ts'
import type { CompareResult } from '../../offers/results/comparison-result.ts'
import type { LandedCostResult } from '../../offers/results/landed-cost-result.ts'
import { formatPriceIn } from '../text/currency.ts'
import { type Html, html } from '../text/html.ts'
import { dataUrl } from '../text/links.ts'
import { noteOf } from '../text/remarks.ts'
import { landedTable } from './landed-table.ts'
import type { Language } from './language.ts'
import { offerRow } from './offer-row.ts'
import { figuresList, footOf, noteBlock, originOf, type PageOptions, pageFrame, provenanceOf } from './page-frame.ts'
import { type Words, wordsOf } from './words.ts'

export interface OffersPage extends PageOptions {
  compared: CompareResult
  landed: LandedCostResult | null
  /** A small WebP of the photo that was searched by; `null` without one. */
  queryPicture: Uint8Array | null
}

export function offersPage(page: OffersPage): string {
  const { compared, landed, queryPicture, language } = page
  const words = wordsOf(language)
  const title = offersTitle(compared, language)
  const rows = compared.offers.map((offer, index) => rowOf(offer, index + 1, page, words))
  return pageFrame(
    title,
    html`<main>
<header>${queryPicture && html`<img src="${dataUrl(queryPicture)}" alt="${words.queryPicture}">`}<div class="about"><h1>${title}</h1>${aboutOf(compared, words)}</div></header>
<h2>${words.offers} <span>${rows.length}</span></h2><ol class="single">${rows}</ol>
${landed === null ? null : landedTable(landed, words)}
${footOf(page)}
</main>`,
    language,
  )
}

export function offersTitle(compared: CompareResult, language: Language): string {
  const sources = compared.offers.map(({ details }) => sourceOf(details.offerId, compared))
  return wordsOf(language).compared(originOf(sources), compared.offers.length, compared.wishes.quantity)
}

function aboutOf(
  { wishes, offers, prices, failures, source, credits, remarks, otherCurrency }: CompareResult,
  words: Words,
): Html {
  const isByTotal = wishes.quantity !== null
  const isAllKnown = offers.every(({ quote }) => (isByTotal ? quote.total : quote.unitPrice) !== null)
  return html`<p class="lead">${words.ranked(isByTotal, isAllKnown)}</p>
${provenanceOf(words, source, credits.spent)}
${otherCurrency ? html`<p class="lead">${words.rate(otherCurrency)}</p>` : null}
${failures.map(({ reference, error }) => noteBlock(`${reference}: ${words.failure(error)}`))}
${noteBlock(noteOf(remarks, words.remarks))}
${
  prices &&
  figuresList(words.over(prices.offers, 'prices'), [
    [words.median, `¥${formatRange(prices.median).replace('-', '–')}`],
    [words.range, `¥${formatRange(prices.span).replace('-', '–')}`],
  ])
}`
}

function sourceOf(offerId: string, { sources, source }: CompareResult): string {
  return sources.get(offerId) ?? source.upstream
}

function rowOf({ details, quote, misses }: ComparedOffer, rank: number, page: OffersPage, words: Words): Html {
  const { compared, thumbnails } = page
  const { offerId } = details
  const { unitPrice, total, orderQuantity, variant } = quote
  const { otherCurrency } = compared
  return offerRow(
    {
      offer: details,
      source: sourceOf(offerId, compared),
      rank,
      thumbnail: thumbnails.get(offerId),
      hasQuery: false,
      price: unitPrice && formatRange(unitPrice),
      priceOther:
        unitPrice && otherCurrency ? `${formatPriceIn(otherCurrency, unitPrice)} ${otherCurrency.code}` : null,
      facts: [variant?.name ?? '', words.evidence(evidenceOf(details)), words.misses(misses)],
      last: html`${total === null ? '–' : `¥${formatRange(total).replace('-', '–')}`} <small>${words.totalFor(orderQuantity)}</small>`,
    },
    words,
  )
}
