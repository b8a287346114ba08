import { type Filters, type GridOffer, NO_FILTERS, placesOf, SORTS, type Sort } from '../replies/offers.ts'
import { button, h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Further places have one offer each. */
const MAX_PLACES = 20

export interface Arrangement {
  sort: Sort
  filters: Filters
}

export const DEFAULT_ARRANGEMENT: Arrangement = { sort: 'best', filters: NO_FILTERS }

export function createToolbar(
  offers: readonly GridOffer[],
  labels: Labels,
  onChange: (arrangement: Arrangement) => void,
) {
  const sort = select(
    labels.sort,
    SORTS.map(name => [name, labels.sortBy[name]]),
  )
  const places = placesOf(offers).slice(0, MAX_PLACES)
  const place = select(labels.place, [['', labels.anyPlace], ...places.map((name): [string, string] => [name, name])])
  const maxPrice = number(labels.maxPrice, '0.01')
  const factories = h('input', { type: 'checkbox' })
  const maxMoq = number(labels.maxMoq, '1')
  const clear = h('button', { type: 'reset', class: 'quiet' }, labels.clear)
  const more = h('div', { class: 'filters', id: 'filters' })
  const onlyFactories = h('label', { class: 'check' }, factories, h('span', {}, labels.onlyFactories))
  more.append(onlyFactories, maxPrice.field, maxMoq.field, place.field, clear)
  const open = () => toggle.setAttribute('aria-expanded', String(form.classList.toggle('open')))
  const toggle = button('toggle', labels.filters, open, { 'aria-expanded': 'false', 'aria-controls': 'filters' })
  const form = h('form', { class: 'toolbar' }, sort.field, toggle, more)

  const emit = () => {
    const filters: Filters = {
      factoriesOnly: factories.checked,
      maxPrice: positive(maxPrice.control),
      maxMoq: positive(maxMoq.control),
      place: place.control.value || null,
    }
    const active = Object.values(filters).filter(value => value !== null && value !== false).length
    toggle.textContent = active === 0 ? labels.filters : `${labels.filters} (${active})`
    onChange({ sort: SORTS.find(name => name === sort.control.value) ?? 'best', filters })
  }
  form.addEventListener('input', emit)
  // The controls have their first values back only after the event.
  form.addEventListener('reset', () => setTimeout(emit))
  return form
}

function select(label: string, options: readonly (readonly [value: string, text: string])[]) {
  const control = h('select', {}, ...options.map(([value, text]) => h('option', { value }, text)))
  return labelled(label, control)
}

function number(label: string, step: string) {
  const control = h('input', { type: 'number', min: '0', step, inputmode: 'decimal' })
  return labelled(label, control)
}

function labelled<Control extends HTMLElement>(label: string, control: Control) {
  return { control, field: h('label', {}, h('span', {}, label), control) }
}

function positive(input: HTMLInputElement): number | null {
  return input.valueAsNumber > 0 ? input.valueAsNumber : null
}
