import type { Host } from '../bridge/host.ts'
import { button, h } from './dom.ts'
import type { Labels } from './labels.ts'

/** Opens a link through the host; where the host opens none, shows the address to be copied. */
export function linkButton(address: string, labels: Labels, host: Host): HTMLElement {
  const shown = h('span', { class: 'address', role: 'status' })
  const open = async () => {
    if (!(await host.openLink(address))) shown.textContent = `${labels.openFailed} ${address}`
  }
  return h(
    'p',
    { class: 'link' },
    button('button', labels.openListing, () => void open()),
    shown,
  )
}
