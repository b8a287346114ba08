/** The page `/`: what this server is, and how each host connects to it. */
import { version } from '../version.ts'
import { escapeHtml, type HtmlPage, htmlPage, htmlTable } from './html-page.ts'

export interface HomePage {
  /** What the server's addresses begin with. */
  base: string
  /** Whether access tokens of an issuer are accepted, too. */
  hasOauth: boolean
  /** Whether programs on this computer need no key now. */
  isOpen: boolean
}

const KEY = 'YOUR_KEY'

export function homePage({ base, hasOauth, isOpen }: HomePage): HtmlPage {
  const endpoint = `${base}/mcp`
  const header = isOpen ? '' : ` --header "X-API-Key: ${KEY}"`
  const headers = isOpen ? {} : { headers: { 'X-API-Key': KEY } }
  const json = (url: string, more: object = {}) =>
    JSON.stringify({ mcpServers: { 'mcp-1688': { ...more, [url]: endpoint, ...headers } } }, null, 2)
  const code = JSON.stringify({ servers: { 'mcp-1688': { type: 'http', url: endpoint, ...headers } } }, null, 2)
  const codex = `[mcp_servers.mcp-1688]\nurl = "${endpoint}"${isOpen ? '' : '\nenv_http_headers = { "X-API-Key" = "MCP1688_KEY" }'}`
  return htmlPage(`<h1>mcp-1688 ${version}</h1>
<p>Finds wholesale products on 1688.com from a product photo. AI apps connect to it over MCP; programs use its REST API.</p>
<p>Address for MCP: <code>${escapeHtml(endpoint)}</code></p>
<p>${isOpen ? 'Programs on this computer need no key.' : 'Each person needs a key from the operator of this server. It goes into the header <code>X-API-Key</code> (or <code>Authorization: Bearer</code>), never into the address.'}</p>
<h2>${isOpen ? 'Hosts that connect by this address' : 'Hosts that send a key in a header'}</h2>
${section('Claude Code', `claude mcp add --transport http mcp-1688 ${endpoint}${header}`)}
${section('Codex: ~/.codex/config.toml', codex)}
${section('Cursor: ~/.cursor/mcp.json', json('url'))}
${section('VS Code: .vscode/mcp.json', code)}
${section('Gemini CLI: ~/.gemini/settings.json', json('httpUrl'))}
<p>Programs with an MCP SDK set the same header on their transport.</p>
<h2>Hosts that sign in with OAuth</h2>
<p>ChatGPT, claude.ai and the connectors of Claude Desktop send no key of yours: add the address above as a custom connector.
${hasOauth ? 'This server accepts access tokens of its issuer, to which the host leads you.' : 'This server has no OAuth issuer set up, so they cannot connect to it. Its operator can change that (docs/serve.md, "OAuth").'}</p>
<h2>More</h2>
${htmlTable(
  ['address', 'what it is'],
  [
    ['/docs', 'documentation of the REST API, with examples'],
    ['/openapi.json', 'the same for tools'],
    ['/healthz', 'whether the server is alive'],
  ],
)}
<p><a href="/docs">Documentation of the REST API</a> · <a href="/openapi.json">openapi.json</a></p>
<h2>Privacy</h2>
<p>Photos are decoded on this server and go on only to the source of offers that it searches. Its log has no key, picture or query in it. What is kept, and for how long, is in
<a href="https://github.com/mcp-1688/mcp-1688/blob/main/docs/privacy.md">docs/privacy.md</a>.</p>`)
}

function section(title: string, text: string): string {
  return `<h3>${escapeHtml(title)}</h3>\n<pre>${escapeHtml(text)}</pre>`
}
