/** The product grid: shows what the host sends, and sends back what the person does. */
import { applyContext } from './bridge/context.ts'
import { createHost, type Host, type ToolResult } from './bridge/host.ts'
import { asObject, asText, type Json } from './bridge/json.ts'
import { createComparisonPage } from './grid/compare.ts'
import { fetchComparison } from './grid/fetch-comparison.ts'
import { recoverPage } from './grid/recover.ts'
import { createResultsPage, type ResultsPageDeps } from './grid/results.ts'
import { type SearchCall, searchCallOf } from './grid/search-call.ts'
import { h, notes } from './parts/dom.ts'
import { isChinese, type Labels, labelsOf } from './parts/labels.ts'
import { provenanceFooter } from './parts/provenance-footer.ts'
import type { Order } from './parts/tray.ts'
import type { PhotoPicker } from './picker/start.ts'
import { readComparison } from './replies/comparison.ts'
import { type GridPage, readPage } from './replies/offers.ts'

type State =
  | { kind: 'waiting' }
  | { kind: 'cancelled' }
  | { kind: 'result'; result: ToolResult; call: SearchCall | null }

function start(main: HTMLElement): void {
  const root = document.documentElement
  const host = createHost(window.parent)
  let locale = navigator.language
  let canExpand = false
  let input: Json = {}
  /** The person's own choice, which the host's language does not undo. */
  let isLanguageChosen = false
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
      ...(isPicking
        ? []
        : contentOf(state, { labels, host: telling(host, told), canExpand, onCompare, onPage, onLanguage })),
    )
  }
  const showPicker = () => {
    picker = window.createPhotoPicker?.({
      host,
      locale,
      readPage,
      onFound: (result, summary) => {
        told = summary
        setResult(result)
        picker?.again.querySelector('button')?.focus()
      },
      onAgain: () => {
        showPicker()
        input = {}
        set({ kind: 'waiting' })
        picker?.element.querySelector('input')?.focus()
      },
    })
  }
  const compare = async (offerIds: readonly string[], order: Order, mayCost: boolean) => {
    const asked = state
    const labels = labelsOf(locale)
    const outcome = await fetchComparison(host, offerIds, order, mayCost)
    if ('failure' in outcome) return { failure: outcome.failure || labels.failed }
    if ('credits' in outcome) return outcome
    // The answer belongs to a page that has been replaced.
    if (state !== asked) return 'shown' as const
    const results = [...main.children]
    const onBack = () => {
      main.replaceChildren(...results)
      main.querySelector<HTMLElement>('.tray .main')?.focus()
    }
    main.replaceChildren(...createComparisonPage({ ...outcome, labels, host, onBack }))
    const ids = outcome.comparison.rows.map(row => row.offerId).join(', ')
    host.updateModelContext(`${told}\nThe person compares in the product grid, best first: ${ids}`.trim())
    main.querySelector<HTMLElement>('header > .button')?.focus()
    return 'shown' as const
  }
  const onContext = (context: Json) => {
    applyContext(context, root)
    const modes = context.availableDisplayModes
    if (Array.isArray(modes)) canExpand = modes.includes('fullscreen')
    const spoken = asText(context.locale)
    if (isLanguageChosen || spoken === null || labelsOf(spoken) === labelsOf(locale)) return
    speak(spoken)
  }
  const speak = (language: string) => {
    locale = language
    showPicker()
    show()
  }
  const onLanguage = () => {
    isLanguageChosen = true
    speak(labelsOf(locale).otherLanguageCode)
  }
  const setResult = (result: ToolResult) =>
    set({ kind: 'result', result, call: searchCallOf(input, asObject(result.structured)) })
  const onPage = (result: ToolResult, call: SearchCall) => {
    set({ kind: 'result', result, call })
    main.querySelector<HTMLElement>('.card input')?.focus()
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
      onInput: next => {
        input = next
        set({ kind: 'waiting' })
      },
      onResult: setResult,
      onCancelled: () => set({ kind: 'cancelled' }),
    })
    .catch(() => undefined)
}

/** The model keeps only what it was told last. */
function telling(host: Host, told: string): Host {
  return { ...host, updateModelContext: text => host.updateModelContext(`${told}\n${text}`.trim()) }
}

function contentOf(state: State, deps: Omit<ResultsPageDeps, 'page' | 'call'>): HTMLElement[] {
  const { labels, host, onPage } = deps
  if (state.kind !== 'result') return [h('p', { class: 'message', role: 'status' }, labels[state.kind])]
  const { result, call } = state
  const { isError, structured, text } = result
  const comparison = isError ? null : readComparison(structured)
  if (comparison) return createComparisonPage({ comparison, landed: null, labels, host, onBack: null })
  const page = isError ? null : readPage(structured)
  if (page?.offers.length === 0) return nothingFound(page, labels)
  if (page) return createResultsPage({ page, call, ...deps })
  if (!isError && call) return recoverPage({ call, text, labels, host, onResult: found => onPage(found, call) })
  return [h('p', { class: 'message', role: 'alert' }, text || labels.failed)]
}

function nothingFound({ note, provenance }: GridPage, labels: Labels): HTMLElement[] {
  const message = h('p', { class: 'message', role: 'status' }, labels.none)
  return [message, ...notes(note), provenanceFooter(provenance, labels)]
}

const main = document.getElementById('app')
if (main) start(main)
