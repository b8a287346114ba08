import type { GridOffer, Unknown } from '../replies/offers.ts'
import { h, listingText } from './dom.ts'
import type { Labels } from './labels.ts'

export interface CardEvents {
  onPick(offerId: string, isPicked: boolean): void
  onOpen(link: string): void
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
  facts.append(...factsOf(offer, labels, events), mark)

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
      facts.replaceChildren(...factsOf(known, labels, events), mark)
      if (hadFocus) facts.querySelector('button')?.focus()
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

function factsOf(offer: GridOffer, labels: Labels, { onOpen }: CardEvents): HTMLElement[] {
  const { link } = offer
  const title = listingText(link === null ? 'span' : 'button', 'title', offer.title)
  if (link !== null) {
    title.setAttribute('type', 'button')
    title.setAttribute('aria-label', labels.open(offer.title))
    title.addEventListener('click', () => onOpen(link))
  }
  const place = offer.city ?? offer.province
  return [
    h('p', { class: 'price' }, ...priceOf(offer, labels)),
    h('h2', {}, title),
    h(
      'p',
      { class: 'terms' },
      h('span', {}, offer.moq === null ? labels.moqUnknown : labels.moq(offer.moq, offer.unit)),
      place === null ? null : listingText('span', 'place', place),
    ),
    ...(offer.shopName === null ? [] : [listingText('p', 'shop', offer.shopName)]),
    ...likenessOf(offer, labels),
  ]
}

function priceOf({ price, unit }: Pick<GridOffer, 'price' | 'unit'>, labels: Labels): (HTMLElement | string)[] {
  if (price === null) return [h('span', { class: 'unknown' }, labels.priceUnknown)]
  const amount = h('b', {}, h('small', {}, '¥'), price.replace('-', '–'))
  return unit === null ? [amount] : [amount, listingText('span', 'unit', labels.per(unit))]
}

function likenessOf({ similarity, likeness }: GridOffer, labels: Labels): HTMLElement[] {
  if (similarity === null && likeness === null) return []
  const percent = similarity === null ? null : Math.round(similarity * 100)
  const fill = h('i')
  fill.style.width = `${percent ?? 0}%`
  return [
    h(
      'p',
      { class: `likeness ${likeness ?? ''}` },
      percent === null ? null : h('span', { class: 'bar', 'aria-hidden': 'true' }, fill),
      likeness && h('span', {}, labels.likenessOf[likeness]),
      percent === null ? null : h('span', {}, `${percent}%`),
    ),
  ]
}
