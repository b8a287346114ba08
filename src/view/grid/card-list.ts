/** The list of cards: which offers are shown, in which order, and with which details. */
import type { Host } from '../bridge/host.ts'
import type { Json } from '../bridge/json.ts'
import { createPictures } from '../bridge/pictures.ts'
import { moveByArrows } from '../parts/arrow-keys.ts'
import { type Card, createCard } from '../parts/card.ts'
import { h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { type Arrangement, DEFAULT_ARRANGEMENT } from '../parts/toolbar.ts'
import { arrange, type GridPage, withCard } from '../replies/offers.ts'

export interface CardListDeps {
  page: GridPage
  labels: Labels
  host: Host
  onPick(offerId: string, isPicked: boolean): void
  /** Announces to screen readers how the list has changed. */
  announce(sentence: string): void
}

export function createCardList({ page, labels, host, onPick, announce }: CardListDeps) {
  const offers = new Map(page.offers.map(offer => [offer.offerId, offer]))
  const cards = new Map<string, Card>()
  const nothing = h('p', { class: 'message' }, labels.noneLeft)
  const list = h('ul', { class: 'grid', 'aria-label': labels.offers })
  let arrangement = DEFAULT_ARRANGEMENT

  const show = () => {
    const shown = arrange([...offers.values()], arrangement.sort, arrangement.filters)
    for (const { offer, unknown } of shown) cards.get(offer.offerId)?.setUnknown(unknown)
    list.replaceChildren(...shown.flatMap(({ offer }) => cards.get(offer.offerId)?.element ?? []))
    nothing.hidden = shown.length > 0
    list.hidden = shown.length === 0
    announce(labels.passing(shown.length, offers.size))
  }
  const pictures = createPictures(host, (offerId: string, json: Json) => {
    const offer = offers.get(offerId)
    if (!offer) return
    const known = withCard(offer, json)
    offers.set(offerId, known)
    cards.get(offerId)?.update(known)
    if (known.picture !== null) list.classList.remove('bare')
  })
  const onOpen = async (link: string) => {
    if (!(await host.openLink(link))) announce(labels.openFailed)
  }
  for (const offer of offers.values()) {
    cards.set(offer.offerId, createCard(offer, labels, { onPick, onOpen, onPictureFailed: pictures.needsThumbnail }))
  }
  show()
  moveByArrows(list)
  // Where the host calls no tools, what the reply itself says is all there is.
  void pictures.load([...offers.keys()]).finally(() => {
    for (const offer of offers.values()) cards.get(offer.offerId)?.update(offer)
    // Empty picture frames only take room.
    list.classList.toggle(
      'bare',
      [...offers.values()].every(offer => offer.picture === null),
    )
    // The MOQ or province of an arriving card can change which offers pass the filters.
    if (arrangement !== DEFAULT_ARRANGEMENT) show()
  })
  return {
    elements: [list, nothing],
    rearrange: (next: Arrangement) => {
      arrangement = next
      show()
    },
    unpick: (offerIds: Iterable<string>) => {
      for (const offerId of offerIds) cards.get(offerId)?.setPicked(false)
    },
  }
}
