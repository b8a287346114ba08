import type { Host } from '../bridge/host.ts'
import { asObject, asText } from '../bridge/json.ts'
import { button, h } from '../parts/dom.ts'
import type { Labels } from '../parts/labels.ts'

/** The server takes no more. */
const MAX_OFFERS = 20

/** Makes a sheet of compared offers, which were read for the comparison and cost nothing more. */
export function exportButton(
  offerIds: readonly string[],
  quantity: number | null,
  labels: Labels,
  host: Host,
): HTMLElement {
  const where = h('span', { class: 'address', role: 'status' })
  const make = async () => {
    control.disabled = true
    where.textContent = labels.waiting
    const input = { offer_ids: offerIds.slice(0, MAX_OFFERS), ...(quantity === null ? {} : { quantity }) }
    const result = await host.callTool('export_offers', input).catch(() => null)
    control.disabled = false
    const file = result === null || result.isError ? {} : asObject(result.structured)
    const address = asText(file.address)
    const isOpen = address !== null && (await host.openLink(address))
    where.textContent = isOpen ? '' : (address ?? asText(file.path) ?? (result?.text || labels.failed))
  }
  const control = button('button', labels.export, () => void make())
  return h('span', { class: 'export' }, control, where)
}
