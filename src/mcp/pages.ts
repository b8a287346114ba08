/** The pages for hosts of MCP Apps, as resources, and the metadata of the tools that use them. */
import { createHash } from 'node:crypto'
import type { McpServer, ServerContext } from '@modelcontextprotocol/server'
import { withPicker } from '../pictures/upload/with-picker.ts'
import type { PageName, ToolListing } from '../tools/define.ts'
import { clientOf } from './client-of.ts'

/** Marks a page of MCP Apps. */
const MIME_TYPE = 'text/html;profile=mcp-app'

/** Where 1688 serves its pictures; the pages load from nowhere else. Some hosts refuse names without a scheme. */
const PICTURE_ORIGINS = ['cbu01', 'cbu02', 'cbu03', 'cbu04', 'img'].map(name => `https://${name}.alicdn.com`)

/** Pages change only with the version. */
const TTL_MS = 3_600_000

const PAGES: Readonly<Record<PageName, { title: string; description: string }>> = {
  grid: { title: 'Product grid', description: 'Shows offers with their pictures.' },
  picker: { title: 'Photo picker', description: 'Takes a product photo from a person and shows the offers found.' },
}

/** Reads a file of the build. The picker's is a part, which is added to the grid's page. */
export type ReadPage = (name: PageName) => Promise<string>

/** `ui/resourceUri` is for hosts from before January 2026. */
export function uiMetaOf({ page, calledBy }: ToolListing): { _meta?: Record<string, unknown> } {
  if (page !== undefined) return { _meta: { ui: { resourceUri: uriOf(page) }, 'ui/resourceUri': uriOf(page) } }
  return calledBy === undefined ? {} : { _meta: { ui: { visibility: ['app'] } } }
}

export interface PagesDeps {
  tools: readonly ToolListing[]
  readPage: ReadPage
  /** Where others reach this server; `undefined` over stdio, and where nobody else does. */
  publicUrl: string | undefined
}

export function registerPages(server: McpServer, { tools, readPage, publicUrl }: PagesDeps): void {
  const canCompare = tools.some(({ name }) => name === 'compare_products')
  const takesPhotos = tools.some(({ name }) => name === 'search_photo')
  // With an address, the answer to Claude differs from that to others.
  const cacheScope = publicUrl === undefined ? ('public' as const) : ('private' as const)
  const cacheHint = { ttlMs: TTL_MS, cacheScope }
  for (const name of new Set(tools.flatMap(({ page }) => page ?? []))) {
    const uri = uriOf(name)
    server.registerResource(name, uri, { ...PAGES[name], mimeType: MIME_TYPE, cacheHint }, async (_uri, context) => {
      const grid = await readPage('grid')
      const page = takesPhotos ? withPicker(grid, await readPage('picker')) : grid
      const text = marked(page, { 'data-no-compare': !canCompare, 'data-picker': name === 'picker' })
      const domain = clientOf(server, context).isClaude ? claudeDomain(publicUrl, context) : null
      const csp = { resourceDomains: PICTURE_ORIGINS, connectDomains: [] }
      const ui = { csp, ...(domain === null ? {} : { domain }), prefersBorder: false }
      return { contents: [{ uri, mimeType: MIME_TYPE, text, _meta: { ui } }] }
    })
  }
}

/**
 * The domain on which Claude shows the pages of a connector: made from the address that was typed as the connector.
 * Other hosts refuse a domain of this form.
 */
function claudeDomain(publicUrl: string | undefined, { http }: ServerContext): string | null {
  if (publicUrl === undefined || !http?.req) return null
  const { pathname, search } = new URL(http.req.url)
  const connector = `${publicUrl.replace(/\/+$/, '')}${pathname}${search}`.replace(/\/+$/, '')
  return `${createHash('sha256').update(connector).digest('hex').slice(0, 32)}.claudemcpcontent.com`
}

function uriOf(page: PageName): string {
  return `ui://mcp-1688/${page}.html`
}

/**
 * `data-no-compare`: the page offers no comparison, since this server has no tool for it. `data-picker`: it opens with
 * the photo picker.
 */
function marked(page: string, marks: Readonly<Record<string, boolean>>): string {
  const set = Object.keys(marks).filter(mark => marks[mark])
  return page.replace('<html ', `<html ${set.map(mark => `${mark} `).join('')}`)
}
