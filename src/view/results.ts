/** Owns the page of a search: its head, the controls, the cards and what was picked of them. */
import { type Card, createCard } from './card.ts'
import { h } from './dom.ts'
import { footOf } from './foot.ts'
import type { Host } from './host.ts'
import type { Json } from './json.ts'
import { moveByArrows } from './keys.ts'
import type { Labels } from './labels.ts'
import { arrange, type GridPage, withCard } from './offers.ts'
import { createPictures } from './pictures.ts'
import { createToolbar, FIRST_CHOICE } from './toolbar.ts'
import { type CompareOutcome, createTray } from './tray.ts'

/** What {@link createResults} needs. */
export interface ResultsDeps {
  page: GridPage
  labels: Labels
  host: Host
  /** Whether a button asks for the whole screen. */
  canExpand: boolean
  onCompare(offerIds: readonly string[], quantity: number | null, mayCost: boolean): Promise<CompareOutcome>
}

/** Makes the page's elements; pictures come in behind them. */
export function createResults({ page, labels, host, canExpand, onCompare }: ResultsDeps): HTMLElement[] {
  const offers = new Map(page.offers.map(offer => [offer.offerId, offer]))
  const cards = new Map<string, Card>()
  const picked = new Set<string>()
  const status = h('p', { class: 'hidden', role: 'status' })
  const nothing = h('p', { class: 'message' }, labels.noneLeft)
  const list = h('ul', { class: 'grid', 'aria-label': labels.offers })
  const tray = createTray(labels, {
    onClear: () => {
      for (const offerId of picked) cards.get(offerId)?.setPicked(false)
      picked.clear()
      onPicked()
    },
    onCompare: (quantity, mayCost) => onCompare([...picked], quantity, mayCost),
  })
  let choice = FIRST_CHOICE

  const onPicked = () => {
    tray.show(picked.size)
    host.tellModel(
      picked.size === 0
        ? 'No offer is picked in the product grid.'
        : `Picked in the product grid: ${[...picked].join(', ')}`,
    )
  }
  const show = () => {
    const shown = arrange([...offers.values()], choice.sort, choice.filters)
    list.replaceChildren(...shown.flatMap(({ offerId }) => cards.get(offerId)?.element ?? []))
    nothing.hidden = shown.length > 0
    list.hidden = shown.length === 0
    status.textContent = labels.passing(shown.length, offers.size)
  }
  const onCard = (offerId: string, json: Json) => {
    const offer = offers.get(offerId)
    if (!offer) return
    const known = withCard(offer, json)
    offers.set(offerId, known)
    cards.get(offerId)?.update(known)
    if (known.picture !== null) list.classList.remove('bare')
  }
  const pictures = createPictures(host, onCard)

  for (const offer of offers.values()) {
    const events = {
      onPick: (offerId: string, isPicked: boolean) => {
        if (isPicked) picked.add(offerId)
        else picked.delete(offerId)
        onPicked()
      },
      onOpen: async (link: string) => {
        if (!(await host.openLink(link))) status.textContent = labels.openFailed
      },
      onPictureFailed: pictures.needsThumbnail,
    }
    cards.set(offer.offerId, createCard(offer, labels, events))
  }
  show()
  moveByArrows(list)
  // Where the host calls no tools, what the reply itself says is all there is.
  void pictures.load([...offers.keys()]).finally(() => {
    for (const offer of offers.values()) cards.get(offer.offerId)?.update(offer)
    // Frames without pictures only take room.
    list.classList.toggle(
      'bare',
      [...offers.values()].every(offer => offer.picture === null),
    )
    // A MOQ or a province that has come with a card can let it pass now.
    if (choice !== FIRST_CHOICE) show()
  })
  const onChange = (chosen: typeof choice) => {
    choice = chosen
    show()
  }
  const toolbar = offers.size > 1 ? [createToolbar(page.offers, labels, onChange)] : []
  return [
    headOf(page, labels, canExpand ? host : null),
    ...noteOf(page),
    ...toolbar,
    list,
    nothing,
    status,
    tray.element,
    footOf(page.provenance, labels),
  ]
}

function headOf(page: GridPage, labels: Labels, expander: Host | null): HTMLElement {
  const expand = h(
    'button',
    { type: 'button', class: 'button expand', 'aria-label': labels.expand, title: labels.expand },
    '⤢',
  )
  expand.addEventListener('click', () => void expander?.requestFullscreen().catch(() => undefined))
  return h(
    'header',
    {},
    h('h1', {}, labels.found(page.offers.length, page.totalFound)),
    h('span', { class: 'query', dir: 'auto' }, page.query === null ? '' : `${labels.likeQuery}: ${page.query}`),
    expander && expand,
  )
}

function noteOf({ note }: GridPage): HTMLElement[] {
  return note === null ? [] : [h('p', { class: 'note' }, note)]
}
