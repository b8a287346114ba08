/** The bar below the cards once some are selected. */
import { button, h } from './dom.ts'
import type { Labels } from './labels.ts'
import { type Compare, createOrderForm } from './order-form.ts'

const MIN_COMPARED = 2
const MAX_COMPARED = 20

export interface TrayEvents {
  /** Of the search. */
  currency: string | null
  onClear(): void
  /** `null` hides comparing. */
  onCompare: Compare | null
}

export function createTray(labels: Labels, { currency, onClear, onCompare }: TrayEvents) {
  const count = h('b', { role: 'status' })
  const form = onCompare && createOrderForm({ labels, order: { currency }, onCompare })
  const clear = button('quiet', labels.clear, onClear)
  const element = h('div', { class: 'tray', hidden: true }, count, clear, ...(form?.elements ?? []))
  return {
    element,
    show: (howMany: number) => {
      element.hidden = howMany === 0
      count.textContent = labels.selected(howMany)
      form?.reset(howMany >= MIN_COMPARED && howMany <= MAX_COMPARED)
    },
  }
}
