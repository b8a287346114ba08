/** The page /docs, generated from the endpoints. It loads nothing. */
import { createHash } from 'node:crypto'
import * as z from 'zod'
import { version } from '../../version.ts'
import { REST_ENDPOINTS, type RestEndpoint } from './endpoints.ts'

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h2 code { font-size: 1.1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid #8886; }
td:first-child { min-width: 7.5rem; }
td:first-child, pre { overflow-wrap: anywhere; }
pre { white-space: pre-wrap; padding: .8rem; border: 1px solid #8886; border-radius: .4rem; }
`

export interface Page {
  html: string
  /** They keep the page from loading anything. */
  headers: Record<string, string>
}

export function docsPage(): Page {
  const styleHash = createHash('sha256').update(STYLE).digest('base64')
  return {
    html: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>mcp-1688 ${version}</title>
<style>${STYLE}</style></head><body>
<h1>mcp-1688 ${version}</h1>
<p>Finds products on 1688.com from a photo. MCP clients connect to <code>POST /mcp</code>; programs use the two endpoints below.
OpenAPI description: <a href="/openapi.json">openapi.json</a>.</p>
<p>Send your key in the header <code>X-API-Key</code> (or <code>Authorization: Bearer</code>), never in the URL. Every response has the
headers <code>X-Credits-Charged</code>, <code>X-Credits-Remaining</code> and <code>RateLimit</code>. An error is
<code>{"error":{"status","message","hint"},"status_code"}</code>, with <code>Retry-After</code> if waiting helps.</p>
${REST_ENDPOINTS.map(section).join('\n')}
</body></html>
`,
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
    },
  }
}

function section({ name, title, description, input, output, withFile }: RestEndpoint): string {
  return `<h2>${title}: <code>GET</code> or <code>POST /${name}</code></h2>
<p>${escapeHtml(description)}</p>
<p>Pass the arguments in the query of a GET, or as JSON in the body of a POST${withFile === null ? '' : '; or send a form with the picture (up to 25 MB) as its file, in place of image_url'}.</p>
${table(['argument', 'type', 'meaning'], rowsOf(input))}
<p>Response: <code>{"status":"success","data":{…}}</code> with</p>
${table(['field', 'type', 'meaning'], rowsOf(output))}
<pre>curl -H 'X-API-Key: YOUR_KEY' \\
  'http://127.0.0.1:1688/${name}?${example(input)}'${withFile === null ? '' : UPLOAD_EXAMPLE}</pre>`
}

const UPLOAD_EXAMPLE = `
curl -H 'X-API-Key: YOUR_KEY' -F image=@photo.jpg -F page_size=5 \\
  http://127.0.0.1:1688/search_by_image`

function table(head: string[], rows: string[][]): string {
  const line = (tag: string, cells: string[]) =>
    `<tr>${cells.map(cell => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  return `<table>${line('th', head)}${rows.map(row => line('td', row)).join('')}</table>`
}

/** One row per field, followed by the fields of its items if it is a list. */
function rowsOf(schema: z.ZodObject, prefix = ''): string[][] {
  return Object.entries(schema.shape).flatMap(([name, field]) => {
    const json = z.toJSONSchema(field, { io: 'input' })
    const type = json.type ?? json.anyOf?.map(part => (typeof part === 'object' ? part.type : ''))
    const fallback = json.default === undefined ? '' : ` (default ${json.default})`
    const row = [`${prefix}${name}`, [type].flat().join(' or '), `${json.description ?? ''}${fallback}`]
    const item = field instanceof z.ZodArray ? field.element : null
    return [row, ...(item instanceof z.ZodObject ? rowsOf(item, `${prefix}${name}[].`) : [])]
  })
}

function example(input: z.ZodObject): string {
  return 'offer_id' in input.shape ? 'offer_id=791912182230' : 'image_url=https%3A%2F%2Fexample.com%2Fphoto.jpg'
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
