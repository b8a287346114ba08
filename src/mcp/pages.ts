/** The pages for hosts of MCP Apps, as resources, and the metadata of the tools that use them. */
import type { McpServer } from '@modelcontextprotocol/server'
import type { PageName, Tool } from '../tools/define.ts'

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

/** Reads a file of the build. The picker's is a part of a page: it is added to the grid's. */
export type ReadPage = (name: PageName) => Promise<string>

/** `ui/resourceUri` is for hosts from before January 2026. */
export function uiMetaOf({ page, calledBy }: Tool): { _meta?: Record<string, unknown> } {
  if (page !== undefined) return { _meta: { ui: { resourceUri: uriOf(page) }, 'ui/resourceUri': uriOf(page) } }
  return calledBy === undefined ? {} : { _meta: { ui: { visibility: ['app'] } } }
}

/** Registers the pages that a tool shows. */
export function registerPages(server: McpServer, tools: readonly Tool[], readPage: ReadPage): void {
  const canCompare = tools.some(({ name }) => name === 'compare_products')
  const cacheHint = { ttlMs: TTL_MS, cacheScope: 'public' as const }
  for (const name of new Set(tools.flatMap(({ page }) => page ?? []))) {
    const uri = uriOf(name)
    server.registerResource(name, uri, { ...PAGES[name], mimeType: MIME_TYPE, cacheHint }, async () => {
      const page = name === 'picker' ? withPicker(await readPage('grid'), await readPage(name)) : await readPage(name)
      const text = canCompare ? page : withoutComparing(page)
      const ui = { csp: { resourceDomains: PICTURE_ORIGINS, connectDomains: [] }, prefersBorder: false }
      return { contents: [{ uri, mimeType: MIME_TYPE, text, _meta: { ui } }] }
    })
  }
}

function uriOf(page: PageName): string {
  return `ui://mcp-1688/${page}.html`
}

/** Before the grid's own script, which starts with the picker if there is one. */
function withPicker(page: string, picker: string): string {
  return page.replace('</head>', () => `${picker}</head>`)
}

/** Marks the page so that it offers no comparison: this server has no tool for it. */
function withoutComparing(page: string): string {
  return page.replace('<html ', '<html data-no-compare ')
}
