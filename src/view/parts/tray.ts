/** The bar that stands under the cards once some are picked. */
import { h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Offers that can be compared at a time. */
const MIN_COMPARED = 2
const MAX_COMPARED = 20

/** The comparison is shown, has failed with a message, or waits until the person agrees to spend so many credits. */
export type CompareOutcome = 'shown' | { failure: string } | { credits: number }

export interface TrayEvents {
  onClear(): void
  /** @param mayCost whether the person has agreed to the credits. */
  onCompare(quantity: number | null, mayCost: boolean): Promise<CompareOutcome>
}

export function createTray(labels: Labels, { onClear, onCompare }: TrayEvents) {
  const count = h('b', { role: 'status' })
  const problem = h('span', { class: 'problem', role: 'alert' })
  const quantity = h('input', {
    type: 'number',
    min: '1',
    step: '1',
    inputmode: 'numeric',
    placeholder: labels.quantity,
  })
  const clear = h('button', { type: 'button', class: 'quiet' }, labels.clear)
  const compare = h('button', { type: 'button', class: 'button main' }, labels.compare)
  const field = h('label', {}, h('span', {}, labels.quantity), quantity)
  const element = h('div', { class: 'tray', hidden: true }, count, clear, problem, field, compare)
  let picked = 0
  let mayCost = false
  /** Grows whenever what would be compared changes: the price of an earlier request is not the price of this one. */
  let revision = 0

  const reset = () => {
    revision += 1
    mayCost = false
    compare.textContent = labels.compare
    compare.disabled = picked < MIN_COMPARED || picked > MAX_COMPARED
    problem.textContent = ''
  }
  const ask = async () => {
    if (!quantity.reportValidity()) return
    const asked = revision
    compare.disabled = true
    compare.textContent = labels.comparing
    const orderQuantity = Number.isNaN(quantity.valueAsNumber) ? null : quantity.valueAsNumber
    const outcome = await onCompare(orderQuantity, mayCost)
    if (asked !== revision) return
    reset()
    if (outcome === 'shown') return
    if ('failure' in outcome) problem.textContent = outcome.failure
    else {
      mayCost = true
      compare.textContent = labels.compareCost(outcome.credits)
    }
  }
  clear.addEventListener('click', onClear)
  quantity.addEventListener('input', reset)
  // No form: hosts let the page run scripts but submit nothing.
  compare.addEventListener('click', () => void ask())
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
