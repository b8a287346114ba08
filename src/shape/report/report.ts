/** A search as one self-contained page, for a buyer to send to a colleague. */
import { createHash } from 'node:crypto'
import type { Likeness, RankedOffer, SearchResult } from '../../offers/results/results.ts'
import { type Html, html } from '../text/html.ts'
import { dataUrl, linkOf } from '../text/links.ts'
import { noteOf } from '../text/remarks.ts'
import { counted } from '../text/values.ts'
import { placeChart, priceChart } from './charts.ts'
import { binPrices, countPlaces, medianOf } from './figures.ts'
import { REPORT_STYLE } from './style.ts'

export interface Report {
  result: SearchResult
  /** A small WebP of the query picture. */
  queryPicture: Uint8Array
  /** Small WebPs of the offers' pictures, by offer ID. */
  thumbnails: ReadonlyMap<string, Uint8Array>
  /** Milliseconds since 1970. */
  madeAt: number
  version: string
}

const CLASS_OF = {
  'same item': 'same',
  'probably the same item': 'probably',
  similar: 'similar',
  'not alike': 'unlike',
} as const
const HEADING_OF = {
  'same item': 'Same item',
  'probably the same item': 'Probably the same item',
  similar: 'Similar',
  'not alike': 'Not alike',
} as const

/** The page runs no scripts and loads nothing; its Content-Security-Policy makes the browser enforce that. */
export function reportPage(report: Report): string {
  const title = `Offers on 1688 like ${report.result.query}`
  return pageFrame(
    title,
    html`<main>
<header><img src="${dataUrl(report.queryPicture)}" alt="The picture that was searched by">
<div class="about"><h1>${title}</h1>${aboutSearch(report.result)}${figuresOf(report.result)}</div></header>
${chartsOf(report.result)}
${offersOf(report)}
${footOf(report)}
</main>`,
  )
}

/** A whole page with this body. */
export function pageFrame(title: string, body: Html): string {
  const hash = createHash('sha256').update(REPORT_STYLE).digest('base64')
  const policy = `default-src 'none'; img-src data:; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const head = html`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>`
  return `<!doctype html>\n<html lang="en"><head>${head.markup}\n<style>${REPORT_STYLE}</style></head>\n<body>${body.markup}</body></html>\n`
}

function aboutSearch({ products, totalFound, page, match, source, credits, remarks }: SearchResult): Html {
  const total =
    totalFound === null ? counted(products.length, 'offer') : `${products.length} of ${counted(totalFound, 'offer')}`
  const matched = {
    visual: `ranked by similarity to the picture, ${match.compared} of ${counted(match.known, 'known offer')} compared`,
    upstream: 'in the order in which the upstream matched the picture',
    none: 'in the order of the index; no pictures were compared',
  }[match.method]
  const fetched = source.retrievedAt === null ? '' : `, fetched ${dateOf(source.retrievedAt)}`
  const note = noteOf(remarks)
  return html`<p class="lead">${total}${page > 1 ? ` (page ${page})` : ''}, ${matched}.</p>
<p class="lead">Source: ${source.upstream}${fetched}${source.stale ? ' (may be out of date)' : ''}. Credits spent: ${credits.spent}.</p>
${note === null ? null : html`<p class="note">${note}</p>`}`
}

function figuresOf({ products, match }: SearchResult): Html {
  const lows = products.flatMap(({ offer }) => offer.price?.min ?? [])
  const minimums = products.flatMap(({ offer }) => offer.moq ?? [])
  const median = medianOf(lows)
  const facts = [
    ['Lowest unit price', lows.length === 0 ? '–' : yuan(Math.min(...lows))],
    ['Median unit price', median === null ? '–' : yuan(median)],
    ['Smallest MOQ', minimums.length === 0 ? '–' : String(Math.min(...minimums))],
    ['Best match', match.best ?? '–'],
  ] as const
  return html`<dl class="figures">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

function chartsOf({ products }: SearchResult): Html | null {
  const bins = binPrices(products.flatMap(({ offer }) => offer.price?.min ?? []))
  if (products.length === 0) return null
  return html`<section class="charts" aria-label="Charts">${bins.length === 0 ? null : priceChart(bins)}${placeChart(countPlaces(products))}</section>`
}

function offersOf({ result, thumbnails }: Report): Html {
  const { products } = result
  if (products.length === 0)
    return html`<h2>No offers</h2><p class="lead">Nothing was found. Try another picture or remove a filter.</p>`
  const first = (result.page - 1) * result.pageSize
  const groups = new Map<Likeness | null, Html[]>()
  for (const [index, product] of products.entries()) {
    const row = rowOf(product, first + index + 1, thumbnails.get(product.offer.offerId))
    groups.set(product.likeness, [...(groups.get(product.likeness) ?? []), row])
  }
  return html`${[...groups].map(
    ([likeness, rows]) =>
      html`<h2>${likeness === null ? 'Offers' : HEADING_OF[likeness]} <span>${rows.length}</span></h2><ol>${rows}</ol>`,
  )}`
}

function rowOf({ offer, source, similarity, likeness }: RankedOffer, rank: number, thumbnail?: Uint8Array): Html {
  const link = linkOf(offer.offerId, source)
  const title = html`<span lang="zh-CN" dir="auto">${offer.title}</span>`
  const place = [offer.province, offer.city].filter(part => part !== null)
  const price = offer.price?.text.replace('-', '–')
  const picture = thumbnail
    ? html`<img class="thumb" src="${dataUrl(thumbnail)}" alt="">`
    : html`<span class="thumb"></span>`
  return html`<li><span class="rank">${rank}</span>${picture}
<div class="text"><h3>${link === null ? title : html`<a href="${link}" rel="noopener noreferrer">${title}</a>`}</h3>
<p class="shop" lang="zh-CN" dir="auto">${offer.shopName ?? '–'}</p><p class="id">${offer.offerId}</p></div>
<div class="price"><span class="amount">${price === undefined ? html`<span class="unknown">price unknown</span>` : `¥${price}`}</span>
${offer.unit === null ? null : html`<small lang="zh-CN">/ ${offer.unit}</small>`}
<p class="place" lang="zh-CN">${[...new Set(place)].join(' ') || '–'}</p></div>
<div class="terms end"><small>MOQ</small> ${offer.moq ?? '–'} <span lang="zh-CN">${offer.moq === null ? null : offer.unit}</span></div>
<div class="like end">${likenessOf(similarity, likeness)}</div></li>`
}

function likenessOf(similarity: number | null, likeness: Likeness | null): Html {
  if (similarity === null) return html`<span class="unknown">–</span>`
  const percent = Math.round(similarity * 100)
  const kind = likeness === null ? 'unlike' : CLASS_OF[likeness]
  return html`${percent}% <small>similar</small>
<svg class="likeness" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect class="${kind}" width="${percent}" height="4"/></svg>`
}

export function footOf({ madeAt, version }: Pick<Report, 'madeAt' | 'version'>): Html {
  return html`<footer><p>Prices are in CNY, as the sellers listed them when they were fetched; a search often shows the price of the cheapest variant. A dash means unknown, not zero. Ask the seller before you order.</p>
<p>Titles, shop names and pictures are third-party listing content. Made by mcp-1688 ${version} on ${dateOf(madeAt)}; not affiliated with 1688.com.</p></footer>`
}

function yuan(amount: number): string {
  return `¥${amount.toFixed(2)}`
}

export function dateOf(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
