import type { Host } from '../bridge/host.ts'
import { asText, type Json } from '../bridge/json.ts'
import { createPictures } from '../bridge/pictures.ts'
import { pictureOf } from '../parts/card.ts'
import { button, factsLine, h, listingText, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { type Compare, createOrderForm } from '../parts/order-form.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import type { ComparedRow, Comparison } from '../replies/comparison.ts'
import type { LandedCosts } from '../replies/landed-cost.ts'
import { yuan } from '../replies/yuan.ts'
import { exportButton } from './export.ts'
import { type Compared, fetchVariants } from './fetch-comparison.ts'

export interface ComparisonPageDeps {
  compared: Compared
  /** Of `compare_products`. */
  input: Json
  labels: Labels
  host: Host
  /** Goes back to the search; `null` if the comparison was the first page. */
  onBack: (() => void) | null
  /** Compares the same offers at another order. */
  onCompare: Compare
}

export function createComparisonPage(deps: ComparisonPageDeps): HTMLElement[] {
  const { compared, input, labels, host, onBack, onCompare } = deps
  const { comparison, landed } = compared
  const { rows, quantity, median, range, provenance } = comparison
  const facts = factsLine(
    quantity === null ? labels.smallestOrders : `${labels.quantity} ${quantity}`,
    median === null ? null : `${labels.median} ${yuan(median)}`,
    range === null ? null : `${labels.range} ${yuan(range)}`,
    landed?.rate ?? null,
    landed?.without[0] ? labels.without(landed.without) : null,
  )
  const title = labels.compared(rows.length)
  const form = createOrderForm({ labels, order: input, onCompare, loadVariants: () => fetchVariants(host, input) })
  return [
    h(
      'header',
      {},
      h('h1', { class: 'head' }, title),
      exportButton({ ...input, offer_ids: rows.map(row => row.offerId) }, labels, host),
      onBack && button('button', labels.back, onBack),
    ),
    h('div', { class: 'tray' }, ...form.elements),
    ...notes(facts, labels.noteOf(provenance.note)),
    h('div', { class: 'table', role: 'region', 'aria-label': title, tabindex: 0 }, tableOf(compared, labels, host)),
    provenanceFooter(provenance, labels),
  ]
}

/** Its pictures and links are loaded after it. */
function tableOf({ comparison, landed }: Compared, labels: Labels, host: Host): HTMLElement {
  const { rows } = comparison
  const thumbs = new Map(rows.map(({ offerId }) => [offerId, h('span', { class: 'thumb' })]))
  const titles = new Map(rows.map(({ offerId, title }) => [offerId, listingText('span', 'title', title)]))
  const onCard = (offerId: string, card: Json) => {
    showPicture(thumbs.get(offerId), card, () => pictures.needsThumbnail(offerId))
    linkTitle(titles.get(offerId), card, labels, host)
  }
  const pictures = createPictures({ host, onCard })
  void pictures.load(rows.map(row => row.offerId))
  const columns = columnsOf(comparison, landed, labels)
  const heads = columns.map(({ head, isText }) => h('th', { scope: 'col', class: !isText && 'number' }, head))
  const body = rows.map(row => {
    const cells = columns.map(({ text, isText }) =>
      h('td', { class: !isText && 'number', lang: isText && 'zh-CN' }, text(row) ?? '–'),
    )
    return h('tr', {}, rowHead(row, labels, thumbs.get(row.offerId), titles.get(row.offerId)), ...cells)
  })
  const head = h('tr', {}, h('th', { scope: 'col' }, labels.offer), ...heads)
  return h('table', {}, h('thead', {}, head), h('tbody', {}, ...body))
}

interface Column {
  head: string
  /** `null` is unknown. */
  text(row: ComparedRow): string | null
  isText?: true
}

/** What decides comes first, so that it stays in sight on a phone. */
function columnsOf({ rows }: Comparison, landed: LandedCosts | null, labels: Labels): Column[] {
  const amount = (text: string | null) => (text === null ? null : yuan(text))
  const count = (value: number | null, unit: string | null) => (value === null ? null : `${value} ${unit ?? ''}`.trim())
  return [
    { head: labels.unitPrice, text: row => amount(row.unitPrice) },
    ...(landed ? [{ head: labels.landed, text: (row: ComparedRow) => landed.totals.get(row.offerId) ?? null }] : []),
    {
      head: labels.total,
      text: row => [amount(row.total), row.totalOther && `≈ ${row.totalOther}`].filter(part => part).join('\n') || null,
    },
    { head: labels.moqHead, text: row => count(row.moq, row.unit) },
    { head: labels.orderQuantity, text: row => count(row.orderQuantity, row.unit) },
    ...(rows.some(row => row.variant !== null)
      ? [{ head: labels.variant, text: (row: ComparedRow) => row.variant, isText: true as const }]
      : []),
    { head: labels.place, text: row => row.place, isText: true },
  ]
}

function rowHead(row: ComparedRow, labels: Labels, thumb?: HTMLElement, title?: HTMLElement): HTMLElement {
  const misses = row.misses.map(miss => labels.misses[miss] ?? miss).join(', ')
  const text = h(
    'div',
    {},
    title ?? null,
    row.shopName && listingText('span', 'shop', row.shopName),
    misses && h('span', { class: 'misfit' }, misses),
  )
  return h('th', { scope: 'row' }, h('div', {}, thumb ?? null, text))
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
  title.replaceChildren(button('title', text, open, { 'aria-label': `${text}, ${labels.openListing}` }))
}
