import type { Host, ToolResult } from '../bridge/host.ts'
import type { Json } from '../bridge/json.ts'
import { button, h, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import type { Compare } from '../parts/order-form.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import { cropOf, queryPicture } from '../parts/query-picture.ts'
import { createToolbar } from '../parts/toolbar.ts'
import { createTray } from '../parts/tray.ts'
import type { GridPage } from '../replies/offers.ts'
import { createCardList } from './card-list.ts'
import { openDrawer } from './details.ts'
import { nextPageButton } from './next-page.ts'
import { photoOf, type SearchCall, searchAgain } from './search-call.ts'

export interface ResultsPageDeps {
  page: GridPage
  /** The call that found the offers; `null` if the host did not say. */
  call: SearchCall | null
  labels: Labels
  host: Host
  /** Whether there is a button for full screen. */
  canExpand: boolean
  /** Addresses of the photos that the person picked, if that is how the offers were found. */
  photos: readonly string[]
  /** Opens the photo picker; `null` where there is none. */
  another: HTMLElement | null
  /** `null` if the server cannot compare. */
  onCompare: Compare | null
  onPage(result: ToolResult, call: SearchCall): void
  onLanguage(): void
}

export function createResultsPage(deps: ResultsPageDeps): HTMLElement[] {
  const { page, call, labels, host, canExpand, photos, another, onCompare, onPage } = deps
  const picked = new Set<string>()
  const status = h('p', { class: 'hidden', role: 'status' })
  const photo = queryPicture(labels, cropOf(call?.input.region), another)
  const onPicked = () => {
    tray.show(picked.size)
    host.tell(
      picked.size === 0
        ? 'No offer is picked in the product grid.'
        : `Picked in the product grid: ${[...picked].join(', ')}`,
    )
  }
  const reference = call && photoOf(call.input)
  const shown = photos.length === 0 && reference?.startsWith('data:') ? [reference] : photos
  if (shown.length > 0) photo.show(...shown)
  else if (reference === null) photo.omit()
  const cards = createCardList({
    page,
    labels,
    host,
    query: {
      query: shown.length > 0 ? null : reference,
      ...(call && { searchAgain: async () => (await searchAgain(host, call, DETAILED, 0)).structured }),
    },
    onPick: (offerId, isPicked) => {
      if (isPicked) picked.add(offerId)
      else picked.delete(offerId)
      onPicked()
    },
    onOpen: (offer, onDetails) =>
      openDrawer(offer, status.parentElement ?? document.body, { labels, host, currency: page.currency, onDetails }),
    onQueryPicture: photo.show,
    announce: sentence => {
      status.textContent = sentence
    },
  })
  const tray = createTray(labels, {
    currency: page.currency,
    onClear: () => {
      cards.unpick(picked)
      picked.clear()
      onPicked()
    },
    onCompare: onCompare && ((order, mayCost) => onCompare({ ...order, offer_ids: [...picked] }, mayCost)),
  })
  const { nextPage } = page
  if (nextPage !== null && call) cards.list.append(nextPageButton(nextPage, { page, call, labels, host, onPage }))
  const toolbar = page.offers.length > 1 ? createToolbar(page.offers, labels, cards.rearrange) : null
  const controls = [toolbar, languageButton(deps), canExpand ? expandButton(labels, host) : null]
  return [
    h('header', {}, photo.element, titleOf(page, labels), ...controls),
    ...notes(labels.noteOf(page.provenance.note)),
    cards.list,
    cards.nothing,
    status,
    tray.element,
    provenanceFooter(page.provenance, labels),
  ]
}

const DETAILED: Json = { response_format: 'detailed' }

function titleOf(page: GridPage, labels: Labels): HTMLElement {
  return h(
    'div',
    { class: 'head' },
    h('h1', {}, labels.found(page.offers.length, page.totalFound)),
    h('span', { class: 'query', dir: 'auto' }, labels.noteOf(page.query) ?? ''),
  )
}

function languageButton({ labels, onLanguage }: ResultsPageDeps): HTMLElement {
  return button('button', labels.otherLanguage, onLanguage, { lang: labels.otherCode })
}

function expandButton(labels: Labels, host: Host): HTMLElement {
  return button('button expand', '⤢', host.requestFullscreen, { 'aria-label': labels.expand, title: labels.expand })
}
