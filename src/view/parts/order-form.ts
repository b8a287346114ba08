/** What is to be compared: quantity, currency, variant, and the button that asks for it, or for its price first. */
import { asNumber, asText, type Json } from '../bridge/json.ts'
import type { Price } from '../replies/price.ts'
import { button, h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Beside CNY. */
const CURRENCIES = ['USD', 'EUR', 'GBP', 'JPY', 'AUD', 'CAD']

/** Shown, failed with a message, or waiting for the person to accept a price. */
export type CompareOutcome = 'shown' | { failure: string } | { price: Price }

/** @param order arguments of `compare_products`. @param mayCost whether the person has accepted the price. */
export type Compare = (order: Json, mayCost: boolean) => Promise<CompareOutcome>

export interface OrderFormDeps {
  labels: Labels
  /** What the fields show first. Whatever else it holds is kept. */
  order: Json
  onCompare: Compare
  /** Names of variants to choose from, once the person asks for them; without it there is no choice of a variant. */
  loadVariants?: () => Promise<readonly string[]>
}

export function createOrderForm({ labels, order, onCompare, loadVariants }: OrderFormDeps) {
  const problem = h('span', { class: 'problem', role: 'alert' })
  const quantity = h('input', {
    type: 'number',
    min: '1',
    step: '1',
    inputmode: 'numeric',
    placeholder: labels.quantity,
    value: asNumber(order.quantity) ?? undefined,
  })
  const first = asText(order.currency)
  const currency = h('select', { 'aria-label': labels.currency })
  for (const code of new Set(['', ...(first === null ? [] : [first]), ...CURRENCIES]))
    currency.append(h('option', { value: code, selected: code === first }, code || '¥'))
  const variant = h('input', {
    list: 'variants',
    'aria-label': labels.variant,
    placeholder: labels.variant,
    value: asText(order.variant) ?? undefined,
  })
  const names = h('datalist', { id: 'variants' })
  const suggest = async () => names.append(...((await loadVariants?.()) ?? []).map(value => h('option', { value })))
  variant.addEventListener('focus', () => void suggest(), { once: true })
  // No form: hosts let the page run scripts but not submit forms.
  const compare = button('button main', labels.compare, () => void ask())
  let isAllowed = true
  let mayCost = false
  /** Grows with every change, because a price belongs to one request. */
  let revision = 0

  const reset = () => {
    revision += 1
    mayCost = false
    compare.textContent = labels.compare
    compare.disabled = !isAllowed
    problem.textContent = ''
  }
  const ask = async () => {
    if (!quantity.reportValidity()) return
    const asked = revision
    compare.disabled = true
    compare.textContent = labels.comparing
    const wanted = {
      ...order,
      quantity: asNumber(quantity.valueAsNumber) ?? undefined,
      currency: currency.value || undefined,
      variant: variant.value || undefined,
    }
    const outcome = await onCompare(wanted, mayCost)
    if (asked !== revision) return
    reset()
    if (outcome === 'shown') return
    if ('failure' in outcome) problem.textContent = outcome.failure
    else {
      mayCost = true
      compare.textContent = labels.paid(labels.compare, labels.cost(outcome.price))
    }
  }
  for (const control of [quantity, currency, variant]) control.addEventListener('input', reset)
  quantity.addEventListener('keydown', event => {
    if (event.key === 'Enter') compare.click()
  })
  return {
    elements: [
      problem,
      h('label', {}, h('span', {}, labels.quantity), quantity),
      currency,
      ...(loadVariants ? [variant, names] : []),
      compare,
    ],
    /** What is compared has changed. */
    reset: (isComparable: boolean) => {
      isAllowed = isComparable
      reset()
    },
  }
}
