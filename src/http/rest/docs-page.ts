/** The page /docs, generated from the endpoints. It loads nothing. */
import * as z from 'zod'
import { version } from '../../version.ts'
import { escapeHtml, type HtmlPage, htmlPage, htmlTable } from '../html-page.ts'
import { REST_ENDPOINTS, type RestEndpoint } from './endpoints.ts'
import { importFields } from './import/fields.ts'
import { IMPORT_SUMMARY } from './import/operation.ts'
import { PICTURES_FIELD } from './import/receive.ts'
import type { restDetailsSchema, restSearchSchema } from './shape.ts'

export interface DocsPage {
  /** What the server's addresses begin with. */
  base: string
  /** An offer that this server can read. */
  offerId: string
}

export function docsPage(page: DocsPage): HtmlPage {
  const { base } = page
  return htmlPage(`<h1>mcp-1688 ${version}</h1>
<p>Finds products on 1688.com from a photo. MCP clients connect to <code>POST ${escapeHtml(base)}/mcp</code>; programs use the endpoints below.
OpenAPI description: <a href="/openapi.json">openapi.json</a>. <a href="/">How AI apps connect</a>.</p>
<p>Send your key in the header <code>X-API-Key</code> (or <code>Authorization: Bearer</code>), never in the URL. Every answer to
a call has the header <code>X-Credits-Charged</code>; with a key, also <code>X-Credits-Remaining</code> and <code>RateLimit</code>. An error is
<code>{"error":{"status","message","hint"},"status_code"}</code>, with <code>Retry-After</code> if waiting helps.</p>
${REST_ENDPOINTS.map(endpoint => section(endpoint, page)).join('\n')}
${importSection(base)}`)
}

function importSection(base: string): string {
  return `<h2>Import own offers: <code>POST /catalogue/import</code></h2>
<p>${IMPORT_SUMMARY} Send a form with the sheet (CSV, XLSX or JSON Lines) as the file <code>sheet</code>, and the pictures that its rows
name as files <code>${PICTURES_FIELD}</code>.</p>
${htmlTable(['field', 'type', 'meaning'], rowsOf(importFields))}
<pre>curl -H 'X-API-Key: YOUR_KEY' -F sheet=@offers.csv -F ${PICTURES_FIELD}=@cup.jpg -F dry_run=true \\
  ${escapeHtml(base)}/catalogue/import</pre>`
}

function section(
  { name, title, description, input, output, withFile }: RestEndpoint,
  { base, offerId }: DocsPage,
): string {
  return `<h2>${title}: <code>GET</code> or <code>POST /${name}</code></h2>
<p>${escapeHtml(description)}</p>
<p>Pass the arguments in the query of a GET, or as JSON in the body of a POST${withFile === null ? '' : '; or send a form with the picture (up to 25 MB) as its file, in place of image_url'}.</p>
${htmlTable(['argument', 'type', 'meaning'], rowsOf(input))}
<p>Response: <code>{"status":"success","data":{…}}</code> with</p>
${htmlTable(['field', 'type', 'meaning'], rowsOf(output))}
<h3>Example</h3>
<pre>curl -H 'X-API-Key: YOUR_KEY' \\
  '${escapeHtml(base)}/${name}?${example(input, offerId)}'${withFile === null ? '' : uploadExample(base)}</pre>
<p>It is answered with the fields above, for example:</p>
<pre>${escapeHtml(JSON.stringify({ status: 'success', data: 'offer_id' in input.shape ? DETAILS : searchOf(base) }, null, 2))}</pre>`
}

function uploadExample(base: string): string {
  return `
curl -H 'X-API-Key: YOUR_KEY' -F image=@photo.jpg -F page_size=5 \\
  ${escapeHtml(base)}/search_by_image`
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

/** The picture is one that every server knows. */
function example(input: z.ZodObject, offerId: string): string {
  return 'offer_id' in input.shape ? `offer_id=${offerId}` : 'image_url=sample:thermos-cup-08.webp&#38;page_size=1'
}

const searchOf = (base: string): z.input<typeof restSearchSchema> => ({
  note: 'The picture was compared with 310 of 310 known offers. Best match: same item.',
  page: 1,
  products: [
    {
      offer_id: '10008',
      title: '户外运动高颜值304不锈钢墨绿星星便携水杯盒装跨境',
      price: '22.60-24.80',
      image_url: `${base}/pictures/10008?s=…`,
      shop_name: '台州市示例嘉美杯业有限公司',
      city: '台州市',
    },
  ],
  page_size: 1,
  total_found: 310,
  query_image_url: 'sample:thermos-cup-08.webp',
})

const DETAILS: z.input<typeof restDetailsSchema> = {
  title: '304不锈钢保温杯',
  min_price: '22.60',
  max_price: '24.80',
  unit: '个',
  moq: 10,
  city: '台州市',
  province: '浙江省',
  images: ['https://cbu01.alicdn.com/img/ibank/example.jpg'],
  detail_url: 'https://detail.1688.com/offer/791912182230.html',
}
