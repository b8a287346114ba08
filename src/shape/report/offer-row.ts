/** One offer in a page's list. */

import type { OfferSummary } from '../../offers/offer.ts'
import { quotedText } from '../../offers/price/pack.ts'
import { type Html, html } from '../text/html.ts'
import { dataUrl, linkOf } from '../text/links.ts'
import { placeText } from '../text/values.ts'
import { isOwn } from './page-frame.ts'
import type { Words } from './words.ts'

export interface RowParts {
  offer: Pick<
    OfferSummary,
    'offerId' | 'title' | 'shopName' | 'province' | 'city' | 'unit' | 'moq' | 'price' | 'quoted'
  >
  source: string
  rank: number
  thumbnail: Uint8Array | undefined
  /** Whether the photo that was searched by is shown beside the picture. */
  hasQuery: boolean
  /** In CNY; `null` if unknown. */
  price: string | null
  /** The same with the code of another currency. */
  priceOther: string | null
  /** Lines below the shop. */
  facts: readonly string[]
  last: Html
}

/** Referred to by every row, so that the page holds the photo once. */
export const QUERY_ID = 'query'

export function offerRow(parts: RowParts, words: Words): Html {
  const { offer, source, rank, facts, last } = parts
  const link = linkOf(offer.offerId, source)
  const title = html`<span lang="zh-CN" dir="auto">${offer.title}</span>`
  const place = placeText(offer)
  const id = isOwn(source) ? `${offer.offerId} · ${words.own}` : offer.offerId
  return html`<li><span class="rank">${rank}</span><div class="pair">${picturesOf(parts)}</div>
<div class="text"><h3>${link === null ? title : html`<a href="${link}" rel="noopener noreferrer">${title}</a>`}</h3>
<p class="shop" lang="zh-CN" dir="auto">${offer.shopName ?? '–'}</p><p class="id">${id}</p>
${facts.filter(text => text !== '').map(text => html`<p class="id">${text}</p>`)}</div>
<div class="price">${priceOf(parts, words)}
<p class="place" lang="zh-CN">${place || '–'}</p></div>
<div class="terms end"><small>${words.moq}</small> ${offer.moq ?? '–'} <span lang="zh-CN">${offer.moq === null ? null : offer.unit}</span></div>
<div class="like end">${last}</div></li>`
}

function picturesOf({ hasQuery, thumbnail }: RowParts): Html {
  const query = hasQuery
    ? html`<svg class="thumb" viewBox="0 0 96 96" aria-hidden="true"><use href="#${QUERY_ID}"/></svg>`
    : null
  const own = thumbnail
    ? html`<img class="thumb" src="${dataUrl(thumbnail)}" alt="">`
    : html`<span class="thumb"></span>`
  return html`${query}${own}`
}

function priceOf({ offer, price, priceOther }: RowParts, words: Words): Html {
  const unit = offer.unit === null ? null : html`<small lang="zh-CN">/ ${offer.unit}</small>`
  const quoted = quotedText(offer)
  const shown =
    price === null
      ? html`<span class="unknown">${quoted ?? words.priceUnknown}</span>`
      : html`¥${price.replace('-', '–')}`
  const others = [price === null ? null : quoted, priceOther].filter(text => text !== null)
  return html`<span class="amount">${shown}</span> ${unit}${others.map(text => html`<p class="other">${text.replace('-', '–')}</p>`)}`
}
