/** Owns the bar that stands under the cards once some are picked. */
import { h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Offers that can be compared at a time. */
const MIN_COMPARED = 2
const MAX_COMPARED = 20

/** Makes it, hidden. */
export function createTray(labels: Labels, events: { onClear(): void; onCompare(quantity: number | null): void }) {
  const count = h('b', { role: 'status' })
  const quantity = h('input', { type: 'number', min: '1', step: '1', inputmode: 'numeric' })
  const clear = h('button', { type: 'button', class: 'quiet' }, labels.clear)
  const compare = h('button', { type: 'submit', class: 'button main' }, labels.compare)
  const field = h('label', {}, h('span', {}, labels.quantity), quantity)
  const element = h(
    'form',
    { class: 'tray', hidden: true },
    count,
    clear,
    h('span', { class: 'space' }),
    field,
    compare,
  )
  clear.addEventListener('click', events.onClear)
  element.addEventListener('submit', event => {
    event.preventDefault()
    events.onCompare(Number.isInteger(quantity.valueAsNumber) ? quantity.valueAsNumber : null)
  })
  return {
    element,
    show: (picked: number) => {
      element.hidden = picked === 0
      count.textContent = labels.selected(picked)
      compare.disabled = picked < MIN_COMPARED || picked > MAX_COMPARED
    },
  }
}
