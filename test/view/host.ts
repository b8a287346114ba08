/** A host of MCP Apps for tests: a real browser with the official AppBridge, and a real MCP client behind it. */
import path from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { build } from 'esbuild'
import type { Browser, FrameLocator, Page } from 'playwright-core'
import sharp from 'sharp'
import { z } from 'zod'
import { ROOT, serverCommand } from '../support/program.ts'

export type RawResult = Awaited<ReturnType<Client['callTool']>>

const gridMeta = z.object({
  ui: z.object({ csp: z.object({ resourceDomains: z.array(z.string()), connectDomains: z.array(z.string()) }) }),
})

export interface ViewOptions {
  width?: number
  theme?: 'light' | 'dark'
  locale?: string
  /** Whether the host blocks pictures although the resource's policy allows them. */
  blocksPictures?: boolean
  /** In pixels: the host ignores what the view says of its size. */
  fixedHeight?: number
  /** Changes the replies to the view's own tool calls. */
  answer?: (name: string, result: RawResult) => RawResult | Promise<RawResult>
  /** The tool whose page is opened. Default: search_by_image. */
  tool?: string
}

/** What the view requested from its host. */
export interface Seen {
  calls: { name: string; arguments?: Record<string, unknown> | undefined }[]
  links: string[]
  told: string[]
  /** Addresses that the view tried to load. */
  loaded: string[]
  errors: string[]
}

export interface View {
  page: Page
  frame: FrameLocator
  seen: Seen
  /** @param input of the call, if the host tells it. */
  show(result: RawResult, input?: Record<string, unknown>): Promise<void>
  close(): Promise<void>
}

/** The client declares support for MCP Apps. */
export async function connectHost(dataDir: string, env: Record<string, string> = {}): Promise<Client> {
  const capabilities = {
    extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
  }
  const client = new Client({ name: 'test-host', version: '1.0.0' }, { capabilities })
  await client.connect(new StdioClientTransport({ ...serverCommand(dataDir, env), stderr: 'pipe' }))
  return client
}

export async function bundleHostPage(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [path.join(import.meta.dirname, 'host-page.mjs')],
    bundle: true,
    write: false,
    format: 'iife',
  })
  return outputFiles[0]?.text ?? ''
}

export async function openView(
  browser: Browser,
  client: Client,
  hostScript: string,
  options: ViewOptions = {},
): Promise<View> {
  const {
    width = 1200,
    theme = 'light',
    locale = 'en',
    blocksPictures = false,
    fixedHeight,
    answer = (_name, result) => result,
    tool = 'search_by_image',
  } = options
  const page = await browser.newPage({ viewport: { width, height: 760 }, colorScheme: theme })
  const seen: Seen = { calls: [], links: [], told: [], loaded: [], errors: [] }
  page.on('pageerror', error => seen.errors.push(error.message))
  const picture = await sharp({ create: { width: 220, height: 220, channels: 3, background: '#c2571a' } })
    .jpeg()
    .toBuffer()
  await page.route('**/*', async route => {
    const { hostname, href } = new URL(route.request().url())
    if (hostname === 'host.test') return route.fulfill({ contentType: 'text/html', body: hostHtml(theme, hostScript) })
    seen.loaded.push(href)
    return hostname.endsWith('.alicdn.com')
      ? route.fulfill({ contentType: 'image/jpeg', body: picture })
      : route.abort()
  })
  await page.exposeFunction('hostCallTool', async (params: { name: string; arguments?: Record<string, unknown> }) => {
    seen.calls.push(params)
    return answer(params.name, await client.callTool(params))
  })
  await page.exposeFunction('hostOpenLink', (url: string) => {
    seen.links.push(url)
    return !url.includes('refuse')
  })
  await page.exposeFunction('hostTellModel', (text: string) => seen.told.push(text))
  await page.goto('http://host.test/')
  const { html, csp } = await readViewPage(client, tool)
  await callInPage(page, 'openView', {
    html,
    csp: blocksPictures ? { resourceDomains: [], connectDomains: [] } : csp,
    capabilities: { serverTools: {}, openLinks: {}, updateModelContext: { text: {} } },
    fixedHeight,
    hostContext: { theme, locale, displayMode: 'inline', availableDisplayModes: ['inline', 'fullscreen'] },
  })
  return {
    page,
    frame: page.frameLocator('iframe'),
    seen,
    show: async (result, input) => {
      if (input) await callInPage(page, 'sendInput', input)
      await callInPage(page, 'sendResult', result)
    },
    close: () => page.close(),
  }
}

export async function callInPage(page: Page, name: string, argument?: unknown): Promise<void> {
  await page.evaluate(([name, argument]) => Reflect.get(globalThis, name)(argument), [name, argument] as const)
}

/** Reads the policy from the content item, as hosts do. */
export async function readViewPage(client: Client, toolName = 'search_by_image') {
  const { tools } = await client.listTools()
  const meta = z.object({ ui: z.object({ resourceUri: z.string() }) })
  const { ui } = meta.parse(tools.find(tool => tool.name === toolName)?._meta)
  const [content] = (await client.readResource({ uri: ui.resourceUri })).contents
  if (!content || !('text' in content)) throw new Error('the page is not text')
  const { csp } = gridMeta.parse(content._meta).ui
  return { html: content.text, csp, mimeType: content.mimeType }
}

function hostHtml(theme: string, script: string): string {
  const colours = theme === 'dark' ? '#1c1c1b' : '#fff'
  const style = `body{margin:0;background:${colours}}iframe{display:block;border:0;width:100%;height:0}`
  return `<!doctype html><html lang="en"><title>host</title><style>${style}</style><body><script>${script.replaceAll('</script', '<\\/script')}</script>`
}
