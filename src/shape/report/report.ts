/** A search as one self-contained page, for a buyer to send to a colleague. */
import type { InCurrency } from '../../offers/results/in-currency.ts'
import type { Likeness, RankedOffer, SearchResult } from '../../offers/results/results.ts'
import { priceIn } from '../text/currency.ts'
import { type Html, html } from '../text/html.ts'
import { dataUrl } from '../text/links.ts'
import { noteOf } from '../text/remarks.ts'
import { placeChart, priceChart } from './charts.ts'
import { binPrices, countPlaces, isMatch, medianOf } from './figures.ts'
import { offerRow, QUERY_ID } from './offer-row.ts'
import { figuresList, footOf, noteBlock, originOf, type PageOptions, pageFrame, provenanceOf } from './page-frame.ts'
import { type Words, wordsOf } from './words.ts'

export interface Report extends PageOptions {
  result: InCurrency<SearchResult>
  /** A small WebP of the query picture. */
  queryPicture: Uint8Array
  /** Whether offers that are not alike are listed as well. */
  showsAll: boolean
}

const CLASS_OF = {
  'same item': 'same',
  'probably the same item': 'probably',
  similar: 'similar',
  'not alike': 'unlike',
} as const

/** Fewer are read faster as numbers. */
const MIN_CHARTED = 3

export function reportPage(report: Report): string {
  const { result, queryPicture, language } = report
  const words = wordsOf(language)
  const title = searchTitle(result, words)
  const matches = result.products.filter(isMatch)
  return pageFrame(
    title,
    html`<main>${photoDefinition(queryPicture)}
<header><img src="${dataUrl(queryPicture)}" alt="${words.queryPicture}">
<div class="about"><h1>${title}</h1>${aboutSearch(result, words)}${figuresOf(result, matches, words)}</div></header>
${chartsOf(matches, words)}
${offersOf(report, words)}
${footOf(report)}
</main>`,
    language,
  )
}

/** @param isPhoto whether it was searched by a photo, not by words. */
export function searchTitle({ products, query }: SearchResult, words: Words, isPhoto = true): string {
  const origin = originOf(products.map(({ source }) => source))
  return isPhoto ? words.like(origin, query) : words.named(origin, query)
}

/** How many offers were found, and how. */
export function foundText({ products, totalFound, page, match }: SearchResult, words: Words): string {
  const method =
    match.method === 'visual' ? words.method.visual(match.compared, match.known) : words.method[match.method]
  return words.found(products.length, totalFound, page, method)
}

function photoDefinition(photo: Uint8Array): Html {
  return html`<svg class="hidden" width="0" height="0" aria-hidden="true"><defs><image id="${QUERY_ID}" width="96" height="96" preserveAspectRatio="xMidYMid slice" href="${dataUrl(photo)}"/></defs></svg>`
}

function aboutSearch(result: Report['result'], words: Words): Html {
  const { source, credits, remarks, otherCurrency } = result
  return html`<p class="lead">${foundText(result, words)}</p>
${provenanceOf(words, source, credits.spent)}
${otherCurrency ? html`<p class="lead">${words.rate(otherCurrency)}</p>` : null}
${noteBlock(noteOf(remarks, words.remarks))}`
}

/** Over what is the same or probably the same item: the price of something else says nothing about this one. */
function figuresOf({ products, match }: SearchResult, matches: readonly RankedOffer[], words: Words): Html | null {
  if (products.length === 0) return null
  if (matches.length === 0) {
    const isCompared = products.some(({ likeness }) => likeness !== null)
    return html`<p class="lead over">${isCompared ? words.noMatch : words.notCompared}</p>`
  }
  const lows = matches.flatMap(({ offer }) => offer.price?.min ?? [])
  const minimums = matches.flatMap(({ offer }) => offer.moq ?? [])
  const median = medianOf(lows)
  return figuresList(words.over(matches.length, 'matches'), [
    [words.lowest, lows.length === 0 ? '–' : yuan(Math.min(...lows))],
    [words.median, median === null ? '–' : yuan(median)],
    [words.smallestMoq, minimums.length === 0 ? '–' : String(Math.min(...minimums))],
    [words.best, match.best === null ? '–' : words.likeness[match.best]],
  ])
}

function chartsOf(matches: readonly RankedOffer[], words: Words): Html | null {
  if (matches.length < MIN_CHARTED) return null
  const bins = binPrices(matches.flatMap(({ offer }) => offer.price?.min ?? []))
  const prices = bins.length === 0 ? null : priceChart(bins, words)
  return html`<section class="charts" aria-label="${words.charts}">${prices}${placeChart(countPlaces(matches), words)}</section>`
}

function offersOf(report: Report, words: Words): Html {
  const { result, showsAll } = report
  const { products } = result
  if (products.length === 0) return html`<h2>${words.noOffers}</h2><p class="lead">${words.nothing}</p>`
  const first = (result.page - 1) * result.pageSize
  const groups = new Map<Likeness | null, Html[]>()
  for (const [index, product] of products.entries()) {
    if (product.likeness === 'not alike' && !showsAll) continue
    const row = rowOf(product, first + index + 1, report, words)
    groups.set(product.likeness, [...(groups.get(product.likeness) ?? []), row])
  }
  const shown = [...groups.values()].reduce((sum, rows) => sum + rows.length, 0)
  return html`${groups.size === 0 ? html`<h2>${words.noneAlike}</h2>` : null}${[...groups].map(
    ([likeness, rows]) =>
      html`<h2>${likeness === null ? words.offers : words.likeness[likeness]} <span>${rows.length}</span></h2><ol>${rows}</ol>`,
  )}${shown === products.length ? null : html`<p class="lead over">${words.leftOut(products.length - shown)}</p>`}`
}

function rowOf({ offer, source, similarity, likeness }: RankedOffer, rank: number, report: Report, words: Words): Html {
  const { otherCurrency } = report.result
  const other = priceIn(otherCurrency, offer.price)
  return offerRow(
    {
      offer,
      source,
      rank,
      thumbnail: report.thumbnails.get(offer.offerId),
      hasQuery: likeness !== 'not alike',
      price: offer.price?.text ?? null,
      priceOther: other && otherCurrency ? `${other} ${otherCurrency.code}` : null,
      facts: offer.evidence ? [words.briefEvidence(offer.evidence)] : [],
      last: likenessOf(similarity, likeness, words),
    },
    words,
  )
}

function likenessOf(similarity: number | null, likeness: Likeness | null, words: Words): Html {
  if (similarity === null) return html`<span class="unknown">–</span>`
  const percent = Math.round(similarity * 100)
  const kind = likeness === null ? 'unlike' : CLASS_OF[likeness]
  return html`${percent}% <small>${words.similar}</small>
<svg class="likeness" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect class="${kind}" width="${percent}" height="4"/></svg>`
}

function yuan(amount: number): string {
  return `¥${amount.toFixed(2)}`
}
