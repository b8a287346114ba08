/** The product grid for hosts of MCP Apps: the page as a resource, and the metadata of the tools that use it. */
import type { McpServer } from '@modelcontextprotocol/server'
import type { Tool } from '../tools/define.ts'

export const GRID_URI = 'ui://mcp-1688/grid.html'

/** Marks a page of MCP Apps. */
const MIME_TYPE = 'text/html;profile=mcp-app'

/** Where 1688 serves its pictures; the page loads from nowhere else. Some hosts refuse names without a scheme. */
const PICTURE_ORIGINS = ['cbu01', 'cbu02', 'cbu03', 'cbu04', 'img'].map(name => `https://${name}.alicdn.com`)

/** The grid changes only with the version. */
const TTL_MS = 3_600_000

/** `ui/resourceUri` is for hosts from before January 2026. */
export function uiMetaOf({ grid }: Tool): { _meta?: Record<string, unknown> } {
  if (grid === 'shows') return { _meta: { ui: { resourceUri: GRID_URI }, 'ui/resourceUri': GRID_URI } }
  return grid === 'calls' ? { _meta: { ui: { visibility: ['app'] } } } : {}
}

export function registerGrid(server: McpServer, readPage: () => Promise<string>, canCompare: boolean): void {
  const about = { title: 'Product grid', description: 'Shows offers with their pictures.', mimeType: MIME_TYPE }
  const cacheHint = { ttlMs: TTL_MS, cacheScope: 'public' as const }
  server.registerResource('grid', GRID_URI, { ...about, cacheHint }, async () => ({
    contents: [
      {
        uri: GRID_URI,
        mimeType: MIME_TYPE,
        text: canCompare ? await readPage() : withoutComparing(await readPage()),
        _meta: { ui: { csp: { resourceDomains: PICTURE_ORIGINS, connectDomains: [] }, prefersBorder: false } },
      },
    ],
  }))
}

/** Marks the page so that it offers no comparison: this server has no tool for it. */
function withoutComparing(page: string): string {
  return page.replace('<html ', '<html data-no-compare ')
}
