// The page of a host of MCP Apps: the official AppBridge, a sandboxed frame, and the policy that the resource asks for.
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge'

let bridge

window.openView = async ({ html, csp, capabilities, hostContext, fixedHeight }) => {
  document.querySelector('iframe')?.remove()
  const frame = document.createElement('iframe')
  frame.title = 'view'
  frame.setAttribute('sandbox', 'allow-scripts')
  const policy = [
    "default-src 'none'",
    "script-src 'unsafe-inline'",
    "style-src 'unsafe-inline'",
    `img-src data: ${csp.resourceDomains.join(' ')}`,
    `connect-src ${csp.connectDomains.join(' ') || "'none'"}`,
  ].join('; ')
  frame.srcdoc = html.replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`)
  document.body.append(frame)
  bridge = new AppBridge(null, { name: 'test-host', version: '1.0.0' }, capabilities, { hostContext })
  bridge.oncalltool = params => window.hostCallTool(params)
  bridge.onopenlink = async ({ url }) => ({ isError: !(await window.hostOpenLink(url)) })
  bridge.onupdatemodelcontext = async ({ content }) => {
    await window.hostTellModel(content[0].text)
    return {}
  }
  bridge.onrequestdisplaymode = async ({ mode }) => {
    await bridge.sendHostContextChange({ displayMode: mode })
    frame.style.height = '100vh'
    return { mode }
  }
  if (fixedHeight) frame.style.height = `${fixedHeight}px`
  bridge.onsizechange = ({ height }) => {
    if (height !== undefined && !fixedHeight) frame.style.height = `${height}px`
  }
  const initialized = new Promise(resolve => {
    bridge.oninitialized = resolve
  })
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow))
  await initialized
}

window.sendInput = input => bridge.sendToolInput({ arguments: input })
window.sendResult = result => bridge.sendToolResult(result)
window.sendCancelled = () => bridge.sendToolCancelled({ reason: 'user action' })
window.setContext = context => bridge.sendHostContextChange(context)
window.teardown = () => bridge.teardownResource({})
