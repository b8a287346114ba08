/** What is shown where a host passes on neither the JSON nor the text of a reply: the same call again, at no cost. */
import type { Host, ToolResult } from '../bridge/host.ts'
import { button, h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'
import { readPage } from '../replies/offers.ts'
import { refusedPrice } from '../replies/price.ts'
import { type SearchCall, searchAgain } from './search-call.ts'

export interface RecoverDeps {
  call: SearchCall
  /** What the host did pass on. */
  given: ToolResult
  labels: Labels
  host: Host
  onResult(result: ToolResult): void
}

export function recoverPage({ call, given, labels, host, onResult }: RecoverDeps): HTMLElement[] {
  const message = h('p', { class: 'message', role: 'status' }, labels.waiting)
  const ask = async (maxCredits: number) => {
    const result = await searchAgain(host, call, {}, maxCredits)
    if (readPage(result.structured) !== null) return onResult(result)
    const price = refusedPrice(result.text)
    const buy = button('button main', labels.askAgain(labels.cost(price)), () => void ask(price.credits))
    message.replaceChildren(
      given.text || labels.problem(result),
      ...(result.isRefused || price.credits <= maxCredits ? [] : [h('br'), buy]),
    )
  }
  void ask(0)
  return [message]
}
