/** The drawer with one offer in full: pictures, price tiers, variants, and reviews if asked for. */

import type { Host } from '../bridge/host.ts'
import { asObject, type Json } from '../bridge/json.ts'
import { pictureOf } from '../parts/card.ts'
import { button, factsLine, h, listingText, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { linkButton } from '../parts/link.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import { type Details, readDetails } from '../replies/details.ts'
import type { GridOffer } from '../replies/offers.ts'
import { refusedPrice } from '../replies/price.ts'
import { yuan } from '../replies/yuan.ts'

export const DETAILS_TOOL = 'get_product_details'
const REVIEWS = { include: ['reviews'] }

const MAX_PICTURES = 8

export interface DrawerDeps {
  labels: Labels
  host: Host
  currency: string | null
  /** What was read, as JSON. */
  onDetails(details: Json): void
}

/** Opens over `parent` until the person closes it. */
export function openDrawer(offer: GridOffer, parent: HTMLElement, deps: DrawerDeps): void {
  const { labels, host, currency, onDetails } = deps
  const body = h('div', { class: 'body' })
  const close = button('button', '×', () => drawer.close(), { 'aria-label': labels.close })
  const title = listingText('h2', 'name', offer.title)
  const drawer = h(
    'dialog',
    { class: 'drawer', 'aria-label': offer.title },
    h('div', { class: 'top' }, title, close),
    body,
  )
  drawer.addEventListener('close', () => {
    drawer.remove()
    parent.classList.remove('opened')
  })
  const ask: Ask = async (maxCredits, more = {}) => {
    body.setAttribute('aria-busy', 'true')
    const input = { offer_id: offer.offerId, currency: currency ?? undefined, max_credits: maxCredits, ...more }
    const result = await host.callTool(DETAILS_TOOL, input)
    body.removeAttribute('aria-busy')
    const details = readDetails(result.structured)
    if (details) {
      onDetails(asObject(result.structured))
      // A search may have cut it.
      title.textContent = details.title
      return body.replaceChildren(...contentOf(details, offer, { labels, host }, ask))
    }
    const price = refusedPrice(result.text)
    const buy = button('button main', labels.paid(labels.read, labels.cost(price)), () => void ask(price.credits))
    body.replaceChildren(
      ...(maxCredits === 0 ? [] : notes(labels.problem(result))),
      ...(price.credits > maxCredits ? [buy] : []),
      ...(offer.link === null ? [] : [linkButton(offer.link, labels, host)]),
    )
  }
  parent.append(drawer)
  parent.classList.add('opened')
  body.append(h('p', { class: 'message', role: 'status' }, labels.waiting))
  drawer.showModal()
  host.tell(`The person is looking at offer ${offer.offerId} in the product grid.`)
  // What is known costs nothing; a price is paid only by the person's own click.
  void ask(0)
}

type Ask = (maxCredits: number, more?: Json) => Promise<void>

function contentOf(
  details: Details,
  offer: GridOffer,
  { labels, host }: Pick<DrawerDeps, 'labels' | 'host'>,
  ask: Ask,
) {
  const { price, priceOther, unit, moq, lotSize, weightKg, shopName, place, tiers, variants, link } = details
  const pictures = details.pictures.length > 0 ? details.pictures : offer.picture === null ? [] : [offer.picture]
  const facts = factsLine(
    labels.moq(moq, unit),
    lotSize === null ? null : labels.lot(lotSize),
    weightKg === null ? null : `${weightKg} kg`,
    place,
    shopName,
  )
  const status = details.status && labels.misses[details.status]
  const gallery = h('div', { class: 'gallery' })
  for (const source of pictures.slice(0, MAX_PICTURES)) gallery.append(pictureOf(source, () => undefined))
  return [
    gallery,
    h(
      'p',
      { class: 'price' },
      h('b', {}, price === null ? labels.priceUnknown : yuan(price)),
      priceOther && ` ≈ ${priceOther}`,
      status ? h('span', { class: 'flag' }, status) : null,
    ),
    h('p', { class: 'terms', lang: 'zh-CN' }, facts),
    ...tableOf(
      [labels.from, labels.unitPrice],
      tiers.map(tier => [String(tier.from), yuan(tier.price)]),
    ),
    ...tableOf(
      [labels.variant, labels.unitPrice, labels.stock],
      variants.map(({ name, price, stock }) => [name, price === null ? '–' : yuan(price), String(stock ?? '–')]),
    ),
    ...reviewsOf(details, labels, ask),
    ...(link === null ? [] : [linkButton(link, labels, host)]),
    ...notes(labels.noteOf(details.provenance.note)),
    provenanceFooter(details.provenance, labels),
  ]
}

function reviewsOf({ reviews, reviewCredits }: Details, labels: Labels, ask: Ask): HTMLElement[] {
  if (reviews) return [h('h3', {}, labels.reviews), ...reviews.map(text => listingText('p', 'address', text))]
  const credits = reviewCredits ?? 0
  const cost = labels.cost({ credits, isMost: false })
  const label = credits === 0 ? labels.reviews : labels.paid(labels.reviews, cost)
  return [button('button', label, () => void ask(credits, REVIEWS))]
}

function tableOf(heads: readonly string[], rows: readonly string[][]): HTMLElement[] {
  if (rows.length === 0) return []
  const cell = (text: string, index: number) => h('td', { class: index > 0 && 'number', lang: 'zh-CN' }, text)
  const head = h('tr', {}, ...heads.map((text, index) => h('th', { scope: 'col', class: index > 0 && 'number' }, text)))
  return [h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell)))))]
}
