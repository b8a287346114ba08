import type { Host } from '../bridge/host.ts'
import { asObject, asText, type Json } from '../bridge/json.ts'
import { button, h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'

/**
 * Makes a sheet of compared offers, which were read for the comparison and cost nothing more.
 * @param compared the input of the comparison.
 */
export function exportButton(compared: Json, labels: Labels, host: Host): HTMLElement {
  const { offer_ids, quantity, variant, currency } = compared
  const order = { offer_ids, quantity, variant, currency, language: document.documentElement.lang.slice(0, 2) }
  const where = h('span', { class: 'address', role: 'status' })
  const make = async () => {
    control.disabled = true
    where.textContent = labels.waiting
    const result = await host.callTool('export_offers', order)
    control.disabled = false
    const file = asObject(result.structured)
    const address = asText(file.address)
    const isOpen = address !== null && (await host.openLink(address))
    where.textContent = isOpen ? '' : (address ?? asText(file.path) ?? labels.problem(result))
  }
  const control = button('button', labels.export, () => void make())
  return h('span', { class: 'export' }, control, where)
}
