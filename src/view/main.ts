/** The product grid: shows what the host sends, and sends back what the person does. */
import { applyContext } from './bridge/context.ts'
import { createHost, type Host, type ToolResult } from './bridge/host.ts'
import { asObject, asText, type Json } from './bridge/json.ts'
import { contentOf, type State } from './content.ts'
import { createComparisonPage } from './grid/compare.ts'
import { fetchComparison, fetchLandedCosts } from './grid/fetch-comparison.ts'
import { type SearchCall, searchCallOf } from './grid/search-call.ts'
import { button } from './parts/dom.ts'
import { labelsOf } from './parts/labels.ts'
import { isChinese } from './parts/locale.ts'
import type { Compare } from './parts/order-form.ts'
import type { FoundByPhoto } from './picker/start.ts'
import { readComparison } from './replies/comparison.ts'
import { readPage, wordOf } from './replies/offers.ts'

/** How long a comparison waits for its landed costs, in milliseconds: a column that came later would move the others. */
const LANDED_COSTS_MS = 2000

function start(main: HTMLElement): void {
  const root = document.documentElement
  const { picker } = window
  const host = createHost(window.parent)
  let locale = navigator.language
  let canExpand = false
  let input: Json = {}
  /** The person's own choice, which the host's language does not undo. */
  let isLanguageChosen = false
  let state: State = { kind: 'waiting' }
  /** data: URLs of the photos that the person picked last. */
  let photos: readonly string[] = []
  let told = ''
  /** The picker that the page opens with, which keeps its photo while the host sends something. */
  let firstPicker: HTMLElement[] | null = null
  /** The offers that a comparison or the picker lies over. */
  let covered: Element[] | null = null

  const show = () => {
    const labels = labelsOf(locale)
    const isPicking = 'picker' in root.dataset && (state.kind !== 'result' || !readPage(state.result.structured))
    if (isPicking) firstPicker ??= photoSearch(null)
    root.lang = isChinese(locale) ? 'zh-CN' : 'en'
    main.setAttribute('aria-busy', String(state.kind === 'waiting' && !isPicking))
    covered = null
    const deps = { labels, host: telling(host, told), canExpand, photos, onPage, onLanguage }
    const onCompare = 'noCompare' in root.dataset ? null : compare
    main.replaceChildren(
      ...(isPicking && firstPicker
        ? firstPicker
        : contentOf(state, { ...deps, another: another(), onCompare, compare })),
    )
  }
  const set = (next: State) => {
    state = next
    show()
  }
  const focus = (selector: string) => main.querySelector<HTMLElement>(selector)?.focus()
  const cover = (content: readonly HTMLElement[]) => {
    covered ??= [...main.children]
    main.replaceChildren(...content)
  }
  const uncover = (focused: string) => {
    main.replaceChildren(...(covered ?? []))
    covered = null
    focus(focused)
  }

  const photoSearch = (back: HTMLElement | null) =>
    picker?.createPhotoSearch({ host, locale, onFound, back, readPage, wordOf, problem: labelsOf(locale).problem }) ??
    []
  const another = () => {
    if (!picker) return null
    const labels = picker.pickerLabelsOf(locale)
    const isByWords = state.kind === 'result' && state.call?.tool === 'search_by_keyword'
    const pick = () => {
      cover(photoSearch(button('button', labelsOf(locale).back, () => uncover('.again button'))))
      focus('input')
    }
    return button('button', isByWords ? labels.search : labels.another, pick)
  }
  const onFound = (found: FoundByPhoto) => {
    ;({ told, photos } = found)
    firstPicker = null
    const [image_url, ...more_image_urls] = photos
    input = { image_url, more_image_urls }
    setResult(found.result)
    focus('.again button')
  }

  const compare: Compare = async (order, mayCost) => {
    const asked = main.firstElementChild
    const labels = labelsOf(locale)
    const compared = await fetchComparison(host, order, mayCost)
    if ('failure' in compared) return { failure: labels.problem(compared.failure) }
    if ('price' in compared) return compared
    // The answer belongs to a page that has been replaced.
    if (main.firstElementChild !== asked) return 'shown'
    const isAgain = main.querySelector('.table') !== null
    const onBack = () => uncover('.tray .main')
    if (state.kind === 'comparison') set({ kind: 'comparison', compared, input: order })
    else cover(createComparisonPage({ compared, input: order, labels, host, onBack, onCompare: compare }))
    const ids = compared.comparison.rows.map(row => row.offerId).join(', ')
    host.tell(`${told}\nThe person compares in the product grid, best first: ${ids}`.trim())
    focus(isAgain ? '.tray .main' : 'header > .button')
    return 'shown'
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
    firstPicker = null
    show()
  }
  const onLanguage = () => {
    isLanguageChosen = true
    speak(labelsOf(locale).otherCode)
  }
  const onInput = (next: Json) => {
    input = next
    photos = []
    told = ''
    set({ kind: 'waiting' })
  }
  const onResult = async (result: ToolResult) => {
    const comparison = readComparison(result.structured)
    if (comparison === null) return setResult(result)
    const asked = state
    const offer_ids = comparison.rows.map(row => row.offerId)
    const order = { offer_ids, quantity: comparison.quantity ?? undefined, ...input }
    const late = new Promise<null>(resolve => setTimeout(resolve, LANDED_COSTS_MS, null))
    const landed = await Promise.race([fetchLandedCosts(host, order), late])
    if (state === asked) set({ kind: 'comparison', compared: { comparison, landed }, input: order })
  }
  const setResult = (result: ToolResult) =>
    set({ kind: 'result', result, call: searchCallOf(input, asObject(result.structured)) })
  const onPage = (result: ToolResult, call: SearchCall) => {
    set({ kind: 'result', result, call })
    focus('.card input')
  }

  new ResizeObserver(() => {
    const { width, height } = main.getBoundingClientRect()
    host.resize(Math.ceil(width), Math.ceil(height))
  }).observe(main)
  show()
  host
    .connect({
      onContext,
      onInput,
      onResult: result => void onResult(result),
      onCancelled: () => set({ kind: 'cancelled' }),
    })
    .catch(() => undefined)
}

/** The model keeps only what it was told last. */
function telling(host: Host, told: string): Host {
  return { ...host, tell: text => host.tell(`${told}\n${text}`.trim()) }
}

const main = document.getElementById('app')
if (main) start(main)
