/** The drawer with one offer in full: pictures, price steps, variants, and reviews if asked for. */
import type { Host } from '../bridge/host.ts'
import type { Json } from '../bridge/json.ts'
import { pictureOf } from '../parts/card.ts'
import { button, h, listingText, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { linkButton } from '../parts/link.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import { type Details, readDetails } from '../replies/details.ts'
import type { GridOffer } from '../replies/offers.ts'

const TOOL = 'get_product_details'
const REVIEWS = { include: ['reviews'] }

const MAX_PICTURES = 8

export interface DrawerDeps {
  labels: Labels
  host: Host
  currency: string | null
}

/** Opens over `parent` until the person closes it. */
export function openDrawer(offer: GridOffer, parent: HTMLElement, { labels, host, currency }: DrawerDeps): void {
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
  const ask = async (more: Json, pay: string) => {
    body.setAttribute('aria-busy', 'true')
    const input = { offer_id: offer.offerId, ...(currency === null ? {} : { currency }), ...more }
    const result = await host.callTool(TOOL, input).catch(() => null)
    body.removeAttribute('aria-busy')
    const details = result === null || result.isError ? null : readDetails(result.structured)
    if (details) return body.replaceChildren(...contentOf(details, offer, { labels, host }, ask))
    const isFree = more.max_credits === 0
    const buy = button('button main', labels.readFor, () => void ask({}, ''))
    body.replaceChildren(
      ...(isFree ? [] : notes(result?.text || labels.failed)),
      ...(isFree && pay === '' ? [buy] : []),
      ...(offer.link === null ? [] : [linkButton(offer.link, labels, host)]),
    )
  }
  parent.append(drawer)
  parent.classList.add('opened')
  body.append(h('p', { class: 'message', role: 'status' }, labels.waiting))
  drawer.showModal()
  host.updateModelContext(`The person is looking at offer ${offer.offerId} in the product grid.`)
  // What is known costs nothing; a price is paid only by the person's own click.
  void ask({ max_credits: 0 }, '')
}

type Ask = (more: Json, pay: string) => Promise<void>

function contentOf(details: Details, offer: GridOffer, { labels, host }: Omit<DrawerDeps, 'currency'>, ask: Ask) {
  const { price, priceOther, unit, moq, lotSize, weightKg, shopName, place, tiers, variants, link } = details
  const pictures = details.pictures.length > 0 ? details.pictures : offer.picture === null ? [] : [offer.picture]
  const facts = [
    moq === null ? labels.moqUnknown : labels.moq(moq, unit),
    lotSize === null ? null : labels.lot(lotSize),
    weightKg === null ? null : `${weightKg} kg`,
    place,
    shopName,
  ].filter(fact => fact !== null)
  const status = details.isSoldOut ? labels.misses.sold_out : details.isWithdrawn ? labels.misses.not_orderable : null
  const gallery = h('div', { class: 'gallery' })
  for (const source of pictures.slice(0, MAX_PICTURES)) gallery.append(pictureOf(source, () => undefined))
  return [
    gallery,
    h(
      'p',
      { class: 'price' },
      h('b', {}, price === null ? labels.priceUnknown : `¥${price}`),
      ...(priceOther === null ? [] : [` ≈ ${priceOther}`]),
      ...(status ? [h('span', { class: 'flag' }, status)] : []),
    ),
    h('p', { class: 'terms', lang: 'zh-CN' }, facts.join(' · ')),
    ...tableOf(
      [labels.from, labels.unitPrice],
      tiers.map(tier => [String(tier.from), `¥${tier.price}`]),
    ),
    ...tableOf(
      [labels.variant, labels.unitPrice, labels.stock],
      variants.map(({ name, price, stock }) => [name, price === null ? '–' : `¥${price}`, String(stock ?? '–')]),
    ),
    ...reviewsOf(details, labels, ask),
    ...(link === null ? [] : [linkButton(link, labels, host)]),
    ...notes(details.note),
    provenanceFooter(details.provenance, labels),
  ]
}

function reviewsOf({ reviews, reviewCredits }: Details, labels: Labels, ask: Ask): HTMLElement[] {
  if (reviews) return [h('h3', {}, labels.reviews), ...reviews.map(text => listingText('p', 'address', text))]
  const more = reviewCredits === null ? { ...REVIEWS, max_credits: 0 } : { ...REVIEWS, max_credits: reviewCredits }
  const label = reviewCredits === null ? labels.reviews : labels.reviewsFor(reviewCredits)
  return [button('button', label, () => void ask(more, 'reviews'))]
}

function tableOf(heads: readonly string[], rows: readonly string[][]): HTMLElement[] {
  if (rows.length === 0) return []
  const cell = (text: string, index: number) => h('td', { class: index > 0 && 'number', lang: 'zh-CN' }, text)
  const head = h('tr', {}, ...heads.map((text, index) => h('th', { scope: 'col', class: index > 0 && 'number' }, text)))
  return [h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell)))))]
}
