import type { Host } from '../bridge/host.ts'
import { asText, type Json } from '../bridge/json.ts'
import { createPictures } from '../bridge/pictures.ts'
import { pictureOf } from '../parts/card.ts'
import { button, h, listingText, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import type { ComparedRow, Comparison } from '../replies/comparison.ts'

export interface ComparisonPageDeps {
  comparison: Comparison
  labels: Labels
  host: Host
  /** Goes back to the search; `null` if the comparison was the first page. */
  onBack: (() => void) | null
}

export function createComparisonPage({ comparison, labels, host, onBack }: ComparisonPageDeps): HTMLElement[] {
  const { rows, quantity, median, range, failed, note, provenance } = comparison
  const thumbs = new Map(rows.map(({ offerId }) => [offerId, h('span', { class: 'thumb' })]))
  const titles = new Map(rows.map(({ offerId, title }) => [offerId, listingText('span', 'title', title)]))
  const pictures = createPictures(host, (offerId, card) => {
    showPicture(thumbs.get(offerId), card, () => pictures.needsThumbnail(offerId))
    linkTitle(titles.get(offerId), card, labels, host)
  })
  const heads = [labels.offer, labels.unitPrice, labels.moqHead, labels.orderQuantity, labels.total, labels.place]
  const table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h('tr', {}, ...heads.map((head, index) => h('th', { scope: 'col', class: columnClass(index) }, head))),
    ),
    h('tbody', {}, ...rows.map(row => rowOf(row, labels, thumbs.get(row.offerId), titles.get(row.offerId)))),
  )
  const facts = [
    quantity === null ? labels.smallestOrders : `${labels.quantity}: ${quantity}`,
    median === null ? null : `${labels.median} ¥${median}`,
    range === null ? null : `${labels.range} ¥${range.replace('-', '–')}`,
  ]
  void pictures.load(rows.map(row => row.offerId))
  return [
    h(
      'header',
      {},
      h('h1', {}, labels.compared(rows.length)),
      h('span', { class: 'query' }),
      onBack && button('button', labels.back, onBack),
    ),
    ...notes(facts.filter(fact => fact !== null).join(' · '), note),
    h('div', { class: 'table', role: 'region', 'aria-label': labels.compared(rows.length), tabindex: 0 }, table),
    ...notes(...failed),
    provenanceFooter(provenance, labels),
  ]
}

/** Columns of numbers, aligned to the right. */
function columnClass(index: number): string | undefined {
  return index >= 1 && index <= 4 ? 'number' : undefined
}

function rowOf(row: ComparedRow, labels: Labels, thumb?: HTMLElement, title?: HTMLElement): HTMLElement {
  const amount = (text: string | null) => (text === null ? '–' : `¥${text.replace('-', '–')}`)
  const count = (value: number | null) => (value === null ? '–' : `${value} ${row.unit ?? ''}`.trim())
  const misses = row.misses.map(miss => labels.misses[miss] ?? miss).join(', ')
  const cells = [amount(row.unitPrice), count(row.moq), count(row.orderQuantity), amount(row.total)]
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h(
        'div',
        {},
        thumb ?? null,
        h(
          'div',
          {},
          title ?? null,
          row.shopName === null ? null : listingText('span', 'shop', row.shopName),
          misses === '' ? null : h('span', { class: 'misfit' }, misses),
        ),
      ),
    ),
    ...cells.map(text => h('td', { class: 'number' }, text)),
    h('td', { lang: 'zh-CN' }, row.place ?? '–'),
  )
}

function showPicture(thumb: HTMLElement | undefined, card: Json, onFailed: () => void): void {
  const source = asText(card.thumbnail) ?? asText(card.image_url)
  if (source !== null) thumb?.replaceChildren(pictureOf(source, onFailed))
}

function linkTitle(title: HTMLElement | undefined, card: Json, labels: Labels, host: Host): void {
  const link = asText(card.detail_url)
  const text = title?.textContent
  if (link === null || !title || !text || title.firstElementChild) return
  const open = () => void host.openLink(link)
  title.replaceChildren(button('title', text, open, { 'aria-label': labels.open(text) }))
}
