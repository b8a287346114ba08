import type { Host } from '../bridge/host.ts'
import { button, h, notes } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { provenanceFooter } from '../parts/provenance-footer.ts'
import { createToolbar } from '../parts/toolbar.ts'
import { type CompareOutcome, createTray } from '../parts/tray.ts'
import type { GridPage } from '../replies/offers.ts'
import { createCardList } from './card-list.ts'

export interface ResultsPageDeps {
  page: GridPage
  labels: Labels
  host: Host
  /** Whether there is a button for full screen. */
  canExpand: boolean
  /** `null` if the server cannot compare. */
  onCompare:
    | ((offerIds: readonly string[], quantity: number | null, mayCost: boolean) => Promise<CompareOutcome>)
    | null
}

export function createResultsPage({ page, labels, host, canExpand, onCompare }: ResultsPageDeps): HTMLElement[] {
  const picked = new Set<string>()
  const status = h('p', { class: 'hidden', role: 'status' })
  const onPicked = () => {
    tray.show(picked.size)
    host.updateModelContext(
      picked.size === 0
        ? 'No offer is picked in the product grid.'
        : `Picked in the product grid: ${[...picked].join(', ')}`,
    )
  }
  const cards = createCardList({
    ...{ page, labels, host },
    onPick: (offerId, isPicked) => {
      if (isPicked) picked.add(offerId)
      else picked.delete(offerId)
      onPicked()
    },
    announce: sentence => {
      status.textContent = sentence
    },
  })
  const tray = createTray(labels, {
    onClear: () => {
      cards.unpick(picked)
      picked.clear()
      onPicked()
    },
    onCompare: onCompare && ((quantity, mayCost) => onCompare([...picked], quantity, mayCost)),
  })
  return [
    headOf(page, labels, canExpand ? host : null),
    ...notes(page.note),
    ...(page.offers.length > 1 ? [createToolbar(page.offers, labels, cards.rearrange)] : []),
    ...cards.elements,
    status,
    tray.element,
    provenanceFooter(page.provenance, labels),
  ]
}

function headOf(page: GridPage, labels: Labels, expander: Host | null): HTMLElement {
  const expand = () => void expander?.requestFullscreen().catch(() => undefined)
  return h(
    'header',
    {},
    h('h1', {}, labels.found(page.offers.length, page.totalFound)),
    h('span', { class: 'query', dir: 'auto' }, page.query === null ? '' : `${labels.likeQuery}: ${page.query}`),
    expander && button('button expand', '⤢', expand, { 'aria-label': labels.expand, title: labels.expand }),
  )
}
