/** The list of cards, grouped by likeness: which offers are shown, in which order, and with which details. */
import type { Host } from '../bridge/host.ts'
import type { Json } from '../bridge/json.ts'
import { createPictures, type PicturesDeps } from '../bridge/pictures.ts'
import { moveByArrows } from '../parts/arrow-keys.ts'
import { type Card, createCard } from '../parts/card.ts'
import { h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { type Arrangement, DEFAULT_ARRANGEMENT } from '../parts/toolbar.ts'
import { arrange, type GridOffer, type GridPage, LIKENESSES, type Likeness, withCard } from '../replies/offers.ts'

export interface CardListDeps {
  page: GridPage
  labels: Labels
  host: Host
  /** Of the search: its picture and the call to repeat where the tool for cards is out of reach. */
  query: Pick<PicturesDeps, 'query' | 'searchAgain'>
  onPick(offerId: string, isPicked: boolean): void
  /** @param onDetails takes what was read of it, as JSON. */
  onOpen(offer: GridOffer, onDetails: (details: Json) => void): void
  onQueryPicture(picture: string): void
  /** Announces to screen readers how the list has changed. */
  announce(sentence: string): void
}

export function createCardList(deps: CardListDeps) {
  const { page, labels, host, query, onPick, onQueryPicture, announce } = deps
  const offers = new Map(page.offers.map(offer => [offer.offerId, offer]))
  const cards = new Map<string, Card>()
  const nothing = h('p', { class: 'message' }, labels.noneLeft)
  const groups = groupsOf(page.offers, labels)
  const list = h('div', { class: 'grid' }, ...groups.map(group => group.element))
  let arrangement = DEFAULT_ARRANGEMENT

  const show = () => {
    const shown = arrange([...offers.values()], arrangement.sort, arrangement.filters)
    for (const { offer, unknown } of shown) cards.get(offer.offerId)?.setUnknown(unknown)
    for (const { likeness, element, list: cardsOf, count } of groups) {
      const own = shown.filter(({ offer }) => offer.likeness === likeness)
      cardsOf.replaceChildren(...own.flatMap(({ offer }) => cards.get(offer.offerId)?.element ?? []))
      count.textContent = String(own.length)
      element.hidden = own.length === 0
    }
    nothing.hidden = shown.length > 0
    list.hidden = shown.length === 0
    announce(labels.passing(shown.length, offers.size))
  }
  const onCard = (offerId: string, json: Json) => {
    const offer = offers.get(offerId)
    if (!offer) return
    const known = withCard(offer, json)
    offers.set(offerId, known)
    cards.get(offerId)?.update(known)
  }
  const pictures = createPictures({ host, onCard, onQueryPicture, ...query })
  const onOpen = (offerId: string) => {
    const offer = offers.get(offerId)
    if (offer) deps.onOpen(offer, details => onCard(offerId, details))
  }
  for (const offer of offers.values()) {
    cards.set(offer.offerId, createCard(offer, labels, { onPick, onOpen, onPictureFailed: pictures.needsThumbnail }))
  }
  show()
  moveByArrows(list)
  // Where the host calls no tools, what the reply itself says is all there is.
  void pictures.load([...offers.keys()]).finally(() => {
    for (const offer of offers.values()) cards.get(offer.offerId)?.update(offer)
    // The MOQ or province of an arriving card can change which offers pass the filters.
    if (arrangement !== DEFAULT_ARRANGEMENT) show()
  })
  return {
    list,
    nothing,
    rearrange: (next: Arrangement) => {
      arrangement = next
      show()
    },
    unpick: (offerIds: Iterable<string>) => {
      for (const offerId of offerIds) cards.get(offerId)?.setPicked(false)
    },
  }
}

interface Group {
  likeness: Likeness | null
  element: HTMLElement
  list: HTMLElement
  count: HTMLElement
}

/** What is not alike is folded away, unless there is nothing else. */
function groupsOf(offers: readonly GridOffer[], labels: Labels): Group[] {
  const likenesses = [...LIKENESSES, null].filter(likeness => offers.some(offer => offer.likeness === likeness))
  return likenesses.map(likeness => {
    const name = likeness === null ? labels.offer : labels.likenessOf[likeness]
    const list = h('ul', { class: 'cards', 'aria-label': name })
    const count = h('small')
    if (likeness === null) return { likeness, list, count, element: h('section', {}, list) }
    const heading = h('h2', { class: likeness }, name, ' ', count)
    const element =
      likeness === 'unlike'
        ? h('details', { open: likenesses[0] === likeness }, h('summary', {}, heading), list)
        : h('section', {}, heading, list)
    return { likeness, list, count, element }
  })
}
