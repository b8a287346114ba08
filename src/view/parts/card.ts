import type { GridOffer, Unknown } from '../replies/offers.ts'
import { yuan } from '../replies/yuan.ts'
import { button, h, listingText } from './dom.ts'
import type { Labels } from './labels.ts'

export interface CardEvents {
  onPick(offerId: string, isPicked: boolean): void
  onOpen(offerId: string): void
  /** Called when its picture does not load. */
  onPictureFailed(offerId: string): void
}

export interface Card {
  element: HTMLLIElement
  /** Shows an updated offer. */
  update(offer: GridOffer): void
  setPicked(isPicked: boolean): void
  /** Marks what the filters need to know and the offer lacks. */
  setUnknown(values: readonly Unknown[]): void
}

/** The picture is loaded only by {@link Card.update}. */
export function createCard(offer: GridOffer, labels: Labels, events: CardEvents): Card {
  const tick = h('input', { type: 'checkbox', 'aria-label': labels.select(offer.title) })
  tick.addEventListener('change', () => {
    setPicked(tick.checked)
    events.onPick(offer.offerId, tick.checked)
  })
  const frame = h('div', { class: 'picture' })
  const facts = h('div', { class: 'facts' })
  const element = h('li', { class: 'card' }, frame, h('label', { class: 'tick' }, tick), facts)
  const mark = h('p', { class: 'unlisted' })
  mark.hidden = true
  // The same for good: the focus goes back to it from the drawer.
  const title = button('title', offer.title, () => events.onOpen(offer.offerId), { lang: 'zh-CN', dir: 'auto' })
  facts.append(...factsOf(offer, title, labels), mark)

  function setPicked(isPicked: boolean): void {
    tick.checked = isPicked
    element.classList.toggle('picked', isPicked)
  }

  return {
    element,
    setPicked,
    setUnknown: values => {
      mark.textContent = labels.unknown(values)
      mark.hidden = values.length === 0
    },
    update: known => {
      // A control that has the focus must not disappear.
      const hadFocus = facts.contains(document.activeElement)
      facts.replaceChildren(...factsOf(known, title, labels), mark)
      if (hadFocus) title.focus()
      if (known.picture !== null && frame.querySelector('img')?.src !== known.picture) {
        frame.replaceChildren(pictureOf(known.picture, () => events.onPictureFailed(offer.offerId)))
      }
    },
  }
}

/** The title is the alternative text, and the picture's host does not learn who looks. */
export function pictureOf(src: string, onError: () => void): HTMLImageElement {
  const image = h('img', { alt: '', loading: 'lazy', decoding: 'async', referrerpolicy: 'no-referrer' })
  image.addEventListener('error', () => {
    image.remove()
    onError()
  })
  image.src = src
  return image
}

function factsOf(offer: GridOffer, title: HTMLElement, labels: Labels): HTMLElement[] {
  const place = offer.city ?? offer.province
  const marks = marksOf(offer, labels)
  return [
    h('p', { class: 'price' }, ...priceOf(offer, labels)),
    h('h3', {}, title),
    h(
      'p',
      { class: 'terms' },
      h('span', {}, labels.moq(offer.moq, offer.unit)),
      place && listingText('span', 'place', place),
    ),
    ...(marks.length > 0
      ? [h('ul', { class: 'marks' }, ...marks)]
      : offer.shopName === null
        ? []
        : [listingText('p', 'shop', offer.shopName)]),
  ]
}

function marksOf({ seller, isAd, status, marks }: GridOffer, labels: Labels): HTMLElement[] {
  const { sold, repurchase, years } = marks
  const all: readonly (readonly [text: string | null | undefined, className?: string | null])[] = [
    [status && labels.misses[status], 'flag'],
    [isAd ? labels.ad : null, 'flag'],
    [seller && labels.sellers[seller], seller],
    [sold && labels.sold(sold)],
    [repurchase === null ? null : labels.repurchase(repurchase)],
    [years === null ? null : labels.years(years)],
  ]
  return all.flatMap(([text, className]) => (text ? [h('li', { class: className ?? false }, text)] : []))
}

function priceOf({ price, quoted, unit, priceOther }: GridOffer, labels: Labels): (HTMLElement | string | null)[] {
  if (price === null && quoted !== null) return [listingText('b', 'quoted', quoted)]
  if (price === null) return [h('span', { class: 'unknown' }, labels.priceUnknown)]
  return [
    h('b', {}, h('small', {}, '¥'), yuan(price).slice(1)),
    unit && listingText('span', 'unit', `/ ${unit}`),
    priceOther && h('span', { class: 'unit' }, `≈ ${priceOther}`),
  ]
}
