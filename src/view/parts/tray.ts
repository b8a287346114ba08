/** The bar below the cards once some are selected. */
import { button, h } from './dom.ts'
import type { Labels } from './labels.ts'

const MIN_COMPARED = 2
const MAX_COMPARED = 20

/** Shown, failed with a message, or waiting for the person to accept a price in credits. */
export type CompareOutcome = 'shown' | { failure: string } | { credits: number }

/** What is to be compared. `null` for the smallest order of each, and for CNY alone. */
export interface Order {
  quantity: number | null
  currency: string | null
}

/** Beside CNY. */
const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY', 'AUD', 'CAD']

export interface TrayEvents {
  /** Of the search. */
  currency: string | null
  onClear(): void
  /** `null` hides comparing. @param mayCost whether the person has accepted the price. */
  onCompare: ((order: Order, mayCost: boolean) => Promise<CompareOutcome>) | null
}

export function createTray(labels: Labels, { currency: first, onClear, onCompare }: TrayEvents) {
  const count = h('b', { role: 'status' })
  const problem = h('span', { class: 'problem', role: 'alert' })
  const quantity = h('input', {
    type: 'number',
    min: '1',
    step: '1',
    inputmode: 'numeric',
    placeholder: labels.quantity,
  })
  const clear = button('quiet', labels.clear, onClear)
  // No form: hosts let the page run scripts but not submit forms.
  const compare = button('button main', labels.compare, () => void ask())
  const field = h('label', {}, h('span', {}, labels.quantity), quantity)
  const codes = ['', ...new Set([...(first === null ? [] : [first]), ...CURRENCIES])]
  const currency = h('select', { 'aria-label': labels.currency })
  currency.append(...codes.map(code => h('option', { value: code, selected: code === first }, code || '¥')))
  const comparing = onCompare === null ? [] : [problem, field, currency, compare]
  const element = h('div', { class: 'tray', hidden: true }, count, clear, ...comparing)
  let picked = 0
  let mayCost = false
  /** Grows with every change of the selection or quantity, because a price belongs to one request. */
  let revision = 0

  const reset = () => {
    revision += 1
    mayCost = false
    compare.textContent = labels.compare
    compare.disabled = picked < MIN_COMPARED || picked > MAX_COMPARED
    problem.textContent = ''
  }
  const ask = async () => {
    if (onCompare === null || !quantity.reportValidity()) return
    const asked = revision
    compare.disabled = true
    compare.textContent = labels.comparing
    const orderQuantity = Number.isNaN(quantity.valueAsNumber) ? null : quantity.valueAsNumber
    const outcome = await onCompare({ quantity: orderQuantity, currency: currency.value || null }, mayCost)
    if (asked !== revision) return
    reset()
    if (outcome === 'shown') return
    if ('failure' in outcome) problem.textContent = outcome.failure
    else {
      mayCost = true
      compare.textContent = labels.compareCost(outcome.credits)
    }
  }
  quantity.addEventListener('input', reset)
  currency.addEventListener('input', reset)
  quantity.addEventListener('keydown', event => {
    if (event.key === 'Enter') compare.click()
  })
  return {
    element,
    show: (howMany: number) => {
      picked = howMany
      element.hidden = picked === 0
      count.textContent = labels.selected(picked)
      reset()
    },
  }
}
