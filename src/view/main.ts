/** The product grid: shows what the host sends, and sends back what the person does. */
import { applyContext } from './bridge/context.ts'
import { createHost, type Host, type ToolResult } from './bridge/host.ts'
import { asText, type Json } from './bridge/json.ts'
import { createComparisonPage } from './grid/compare.ts'
import { createResultsPage, type ResultsPageDeps } from './grid/results.ts'
import { h, notes } from './parts/dom.ts'
import { isChinese, type Labels, labelsOf } from './parts/labels.ts'
import { provenanceFooter } from './parts/provenance-footer.ts'
import type { CompareOutcome } from './parts/tray.ts'
import type { PhotoPicker } from './picker/start.ts'
import { type Comparison, readComparison } from './replies/comparison.ts'
import { type GridPage, readPage } from './replies/offers.ts'

type State = { kind: 'waiting' } | { kind: 'cancelled' } | { kind: 'result'; result: ToolResult }

function start(main: HTMLElement): void {
  const root = document.documentElement
  const host = createHost(window.parent)
  let locale = navigator.language
  let canExpand = false
  let state: State = { kind: 'waiting' }
  let told = ''
  let picker: PhotoPicker | undefined

  const show = () => {
    const labels = labelsOf(locale)
    const isPicking = picker !== undefined && (state.kind !== 'result' || readPage(state.result.structured) === null)
    const onCompare = 'noCompare' in root.dataset ? null : compare
    root.lang = isChinese(locale) ? 'zh-CN' : 'en'
    main.setAttribute('aria-busy', String(state.kind === 'waiting' && !isPicking))
    main.replaceChildren(
      ...(picker ? [isPicking ? picker.element : picker.again] : []),
      ...(isPicking ? [] : contentOf(state, { labels, host: telling(host, told), canExpand, onCompare })),
    )
  }
  const showPicker = () => {
    picker = window.createPhotoPicker?.({
      host,
      locale,
      readPage,
      onFound: (result, summary) => {
        told = summary
        set({ kind: 'result', result })
        picker?.again.querySelector('button')?.focus()
      },
      onAgain: () => {
        showPicker()
        set({ kind: 'waiting' })
        picker?.element.querySelector('input')?.focus()
      },
    })
  }
  const compare = async (offerIds: readonly string[], quantity: number | null, mayCost: boolean) => {
    const asked = state
    const labels = labelsOf(locale)
    const outcome = await fetchComparison(host, offerIds, quantity, mayCost)
    if ('failure' in outcome) return { failure: outcome.failure || labels.failed }
    if ('credits' in outcome) return outcome
    // The answer belongs to a page that has been replaced.
    if (state !== asked) return 'shown' as const
    const results = [...main.children]
    const onBack = () => {
      main.replaceChildren(...results)
      main.querySelector<HTMLElement>('.tray .main')?.focus()
    }
    main.replaceChildren(...createComparisonPage({ comparison: outcome, labels, host, onBack }))
    main.querySelector('button')?.focus()
    return 'shown' as const
  }
  const onContext = (context: Json) => {
    applyContext(context, root)
    const modes = context.availableDisplayModes
    if (Array.isArray(modes)) canExpand = modes.includes('fullscreen')
    const spoken = asText(context.locale)
    if (spoken === null || labelsOf(spoken) === labelsOf(locale)) return
    locale = spoken
    showPicker()
    show()
  }
  const set = (next: State) => {
    state = next
    show()
  }

  new ResizeObserver(() => {
    const { width, height } = main.getBoundingClientRect()
    host.resize(Math.ceil(width), Math.ceil(height))
  }).observe(main)
  showPicker()
  show()
  host
    .connect({
      onContext,
      onInput: () => set({ kind: 'waiting' }),
      onResult: result => set({ kind: 'result', result }),
      onCancelled: () => set({ kind: 'cancelled' }),
    })
    .catch(() => undefined)
}

/** The model keeps only what it was told last. */
function telling(host: Host, told: string): Host {
  return { ...host, updateModelContext: text => host.updateModelContext(`${told}\n${text}`.trim()) }
}

function contentOf(state: State, deps: Omit<ResultsPageDeps, 'page'>): HTMLElement[] {
  const { labels, host } = deps
  if (state.kind !== 'result') return [h('p', { class: 'message', role: 'status' }, labels[state.kind])]
  const { isError, structured, text } = state.result
  const comparison = isError ? null : readComparison(structured)
  if (comparison) return createComparisonPage({ comparison, labels, host, onBack: null })
  const page = isError ? null : readPage(structured)
  if (page === null) return [h('p', { class: 'message', role: 'alert' }, text || labels.failed)]
  return page.offers.length === 0 ? nothingFound(page, labels) : createResultsPage({ page, ...deps })
}

/** Asks for the price first, and compares only at no cost or at a price the person has accepted. */
async function fetchComparison(
  host: Host,
  offerIds: readonly string[],
  quantity: number | null,
  mayCost: boolean,
): Promise<Comparison | Exclude<CompareOutcome, 'shown'>> {
  const input = { offer_ids: offerIds, ...(quantity === null ? {} : { quantity }) }
  const ask = (dryRun: boolean) => host.callTool('compare_products', { ...input, dry_run: dryRun })
  try {
    if (!mayCost) {
      const plan = await ask(true)
      const credits = plan.isError ? null : readComparison(plan.structured)?.dryRunCredits
      // An unknown cost is not spent.
      if (typeof credits !== 'number') return { failure: plan.text }
      if (credits > 0) return { credits }
    }
    const result = await ask(false)
    const comparison = result.isError ? null : readComparison(result.structured)
    return comparison ?? { failure: result.text }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : '' }
  }
}

function nothingFound({ note, provenance }: GridPage, labels: Labels): HTMLElement[] {
  const message = h('p', { class: 'message', role: 'status' }, labels.none)
  return [message, ...notes(note), provenanceFooter(provenance, labels)]
}

const main = document.getElementById('app')
if (main) start(main)
