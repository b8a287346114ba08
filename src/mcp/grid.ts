/** The product grid as hosts of MCP Apps see it: the resource with its policy, and the marks of the tools that it belongs to. */
import type { McpServer } from '@modelcontextprotocol/server'
import type { Tool } from '../tools/define.ts'

/** Where hosts read the grid's page. */
export const GRID_URI = 'ui://mcp-1688/grid.html'

/** The media type by which hosts know a page of MCP Apps. */
const MIME_TYPE = 'text/html;profile=mcp-app'

/** The hosts of 1688's pictures, the only addresses that the page may load from. Whole origins: some hosts take no bare name. */
const PICTURE_ORIGINS = ['cbu01', 'cbu02', 'cbu03', 'cbu04', 'img'].map(name => `https://${name}.alicdn.com`)

/** The grid changes only with the version. */
const TTL_MS = 3_600_000

/** What hosts read from a tool; `ui/resourceUri` is for those of before January 2026. */
export function uiMetaOf({ grid }: Tool): { _meta?: Record<string, unknown> } {
  if (grid === 'shows') return { _meta: { ui: { resourceUri: GRID_URI }, 'ui/resourceUri': GRID_URI } }
  return grid === 'calls' ? { _meta: { ui: { visibility: ['app'] } } } : {}
}

/** Offers the grid's page. @param readPage gives its HTML. */
export function registerGrid(server: McpServer, readPage: () => Promise<string>): void {
  const about = { title: 'Product grid', description: 'Shows offers with their pictures.', mimeType: MIME_TYPE }
  const cacheHint = { ttlMs: TTL_MS, cacheScope: 'public' as const }
  server.registerResource('grid', GRID_URI, { ...about, cacheHint }, async () => ({
    contents: [
      {
        uri: GRID_URI,
        mimeType: MIME_TYPE,
        text: await readPage(),
        _meta: { ui: { csp: { resourceDomains: PICTURE_ORIGINS, connectDomains: [] }, prefersBorder: false } },
      },
    ],
  }))
}
