import type { Host, ToolResult } from '../bridge/host.ts'
import { button, h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import type { GridPage } from '../replies/offers.ts'
import { refusedPrice } from '../replies/price.ts'
import { isSameSource, type SearchCall, searchAgain, toldOfPage } from './search-call.ts'

export interface NextPageDeps {
  page: GridPage
  call: SearchCall
  labels: Labels
  host: Host
  onPage(result: ToolResult, call: SearchCall): void
}

/** Turns to the next page where that costs nothing; otherwise says the price and waits for another click. */
export function nextPageButton(number: number, { page, call, labels, host, onPage }: NextPageDeps): HTMLElement {
  const problem = h('span', { role: 'status' })
  let maxCredits = 0
  const turn = async () => {
    control.disabled = true
    problem.textContent = labels.waiting
    const result = await searchAgain(host, call, { page: number }, maxCredits)
    control.disabled = false
    problem.textContent = ''
    const isRight = maxCredits > 0 ? !result.isError : isSameSource(result, page.provenance.upstream)
    if (isRight) {
      host.tell(toldOfPage(result, number))
      return onPage(result, { ...call, input: { ...call.input, page: number } })
    }
    if (maxCredits > 0 || result.isRefused) problem.textContent = labels.problem(result)
    const price = refusedPrice(result.text)
    maxCredits = price.credits
    control.textContent = labels.paid(labels.page(number), labels.cost(price))
    control.focus()
  }
  const control = button('button', labels.page(number), () => void turn())
  return h('p', { class: 'next' }, control, problem)
}
