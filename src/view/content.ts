/** What the page of the grid shows of a reply. */
import type { ToolResult } from './bridge/host.ts'
import type { Json } from './bridge/json.ts'
import { createComparisonPage } from './grid/compare.ts'
import type { Compared } from './grid/fetch-comparison.ts'
import { nextPageButton } from './grid/next-page.ts'
import { recoverPage } from './grid/recover.ts'
import { createResultsPage, type ResultsPageDeps } from './grid/results.ts'
import type { SearchCall } from './grid/search-call.ts'
import { h, notes } from './parts/dom.ts'
import type { Compare } from './parts/order-form.ts'
import { provenanceFooter } from './parts/provenance-footer.ts'
import { readPage } from './replies/offers.ts'

export type State =
  | { kind: 'waiting' }
  | { kind: 'cancelled' }
  | { kind: 'result'; result: ToolResult; call: SearchCall | null }
  | { kind: 'comparison'; compared: Compared; input: Json }

export interface ContentDeps extends Omit<ResultsPageDeps, 'page' | 'call'> {
  /** For a comparison that the agent asked for. */
  compare: Compare
}

export function contentOf(state: State, { compare, ...deps }: ContentDeps): HTMLElement[] {
  const { labels, host, another, onPage } = deps
  if (state.kind === 'comparison')
    return createComparisonPage({ ...state, labels, host, onBack: null, onCompare: compare })
  if (state.kind !== 'result') return [h('p', { class: 'message', role: 'status' }, labels[state.kind])]
  const { result, call } = state
  const page = readPage(result.structured)
  if (page && page.offers.length > 0) return createResultsPage({ page, call, ...deps })
  if (!page && !result.isError && call)
    return recoverPage({ call, given: result, labels, host, onResult: found => onPage(found, call) })
  const header = another && h('header', {}, h('div', { class: 'again' }, another))
  const message = page
    ? [
        h('p', { class: 'message', role: 'status' }, labels.none),
        // The filters may leave nothing of a page.
        ...(page.nextPage !== null && call
          ? [nextPageButton(page.nextPage, { page, call, labels, host, onPage })]
          : []),
        ...notes(labels.noteOf(page.provenance.note)),
        provenanceFooter(page.provenance, labels),
      ]
    : [h('p', { class: 'message', role: 'alert' }, labels.problem(result))]
  return header ? [header, ...message] : message
}
