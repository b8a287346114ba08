/**
 * Measures tokens (o200k) per offer in our text and JSON, beside the upstream's own JSON for the same offers, as
 * documented. `npx tsx bench/tokens.ts`
 */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { createApp } from '../src/app/create-app.ts'
import { loadConfig } from '../src/load-config.ts'
import { createLogger } from '../src/log.ts'
import { TOOLS } from '../src/tools/list.ts'
import { runTool } from '../src/tools/run.ts'
import { connectOverStdio } from '../test/support/clients.ts'
import { drawnGood } from '../test/support/drawn-goods.ts'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { type Listing, makeListings, picturePath } from '../test/support/listings.ts'
import { detailRecord } from '../test/support/open1688-details.ts'
import { startOpen1688Gateway } from '../test/support/open1688-gateway.ts'
import { imagePage } from '../test/support/open1688-shapes.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { detailsBody, indexBody } from '../test/support/parse-shapes.ts'
import { createPictureServer } from '../test/support/picture-server.ts'
import { DEMO_PHOTO, dataUrl } from '../test/support/pictures.ts'
import { makeTempDir, ROOT, serverCommand } from '../test/support/program.ts'
import { startTmapiServer } from '../test/support/tmapi-server.ts'
import { detailsOf, foundPage } from '../test/support/tmapi-shapes.ts'

const OFFERS = 20
const COMPARED = 5

const BY_PHOTO = { tool: 'search_by_image', input: { image_url: dataUrl(DEMO_PHOTO) } }

/** Part of every listing's title. */
const KEYWORD = '款'

interface Source {
  name: string
  env: Record<string, string>
  /** The upstream's own JSON for a page and for one offer. */
  page: unknown
  details: readonly unknown[]
  /** The search that returns that page. */
  search: { tool: string; input: Record<string, unknown> }
  close(): Promise<void>
}

/** Fetchable pictures, at URLs as long as real ones. */
interface Pictures {
  host: string
  urls: string[]
  listings: Listing[]
  close(): Promise<void>
}

interface Row {
  source: string
  reply: string
  raw: number
  text: number
  json: number
}

const tokensOf = (value: unknown): number => countTokens(typeof value === 'string' ? value : JSON.stringify(value))

async function servePictures(): Promise<Pictures> {
  const goods = await Promise.all(
    Array.from({ length: OFFERS }, async (_, index) => [picturePath(index), await drawnGood(index)] as const),
  )
  const { host, close } = await createPictureServer(Object.fromEntries(goods))
  const urls = goods.map(([path]) => `http://${host}${path}`)
  const listings = makeListings(OFFERS).map((listing, index) => ({ ...listing, picture: urls[index] ?? '' }))
  return { host, urls, listings, close }
}

async function parseSource({ urls }: Pictures): Promise<Source> {
  const rows = makeIndexRows(OFFERS, urls)
  const server = await startParseServer({ rows })
  return {
    name: 'parse',
    env: { MCP1688_PARSE_API_KEY: server.key, MCP1688_PARSE_BASE_URL: server.url },
    page: indexBody(rows, 1, OFFERS, 'https://example.com/photo.jpg'),
    details: rows.map(detailsBody),
    search: BY_PHOTO,
    close: () => server.close(),
  }
}

async function open1688Source({ listings }: Pictures): Promise<Source> {
  const gateway = await startOpen1688Gateway({ listings, now: Date.now })
  const { accessToken } = gateway.authorise()
  return {
    name: 'open1688',
    env: {
      MCP1688_OPEN1688_APP_KEY: gateway.appKey,
      MCP1688_OPEN1688_APP_SECRET: gateway.appSecret,
      MCP1688_OPEN1688_ACCESS_TOKEN: accessToken,
      MCP1688_OPEN1688_BASE_URL: gateway.url,
    },
    page: imagePage(listings, 1, OFFERS),
    details: listings.map(detailRecord),
    search: BY_PHOTO,
    close: () => gateway.close(),
  }
}

async function tmapiSource({ listings }: Pictures): Promise<Source> {
  const server = await startTmapiServer({ listings })
  return {
    name: 'tmapi',
    env: { MCP1688_TMAPI_TOKEN: server.token, MCP1688_TMAPI_BASE_URL: server.url },
    // It accepts pictures only by public URL.
    search: { tool: 'search_by_keyword', input: { keyword: KEYWORD } },
    page: foundPage(listings, 1, OFFERS),
    details: listings.map(detailsOf),
    close: () => server.close(),
  }
}

async function measure({ name: source, env, search, page, details, close }: Source, host: string): Promise<Row[]> {
  const dir = makeTempDir()
  const config = loadConfig({
    env: {
      ...env,
      MCP1688_UPSTREAM: source,
      MCP1688_IMAGE_ALLOW: host,
      MCP1688_DATA_DIR: dir.path,
      MCP1688_RATE_PER_MINUTE: '1000',
    },
    flags: {},
    platform: process.platform,
    homeDir: dir.path,
  })
  const logger = createLogger({ level: 'silent', write: () => {} })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true })
  const ask = async (name: string, input: Record<string, unknown>) => {
    const tool = TOOLS.find(candidate => candidate.name === name)
    if (!tool) throw new Error(`no tool ${name}`)
    const reply = await runTool(tool, input, { services: app.services, signal: new AbortController().signal }, logger)
    if (reply.error) throw reply.error
    return { text: tokensOf(reply.text), json: tokensOf(reply.structured), structured: reply.structured }
  }
  const rows: Row[] = []
  const add = (reply: string, raw: number, cost: { text: number; json: number }, offers: number) =>
    rows.push({ source, reply, raw: raw / offers, text: cost.text / offers, json: cost.json / offers })
  const input = { ...search.input, page_size: OFFERS }
  const concise = await ask(search.tool, input)
  add('search, concise', tokensOf(page), concise, OFFERS)
  const detailed = { ...input, response_format: 'detailed' }
  add('search, detailed', tokensOf(page), await ask(search.tool, detailed), OFFERS)
  const ids = JSON.stringify(concise.structured).match(/(?<="offer_id":")\d+/g) ?? []
  const rawDetails = tokensOf(JSON.stringify(details)) / details.length
  add('details', rawDetails, await ask('get_product_details', { offer_id: ids[0] }), 1)
  const compared = await ask('compare_products', { offer_ids: ids.slice(0, COMPARED), quantity: 100 })
  add(`compare of ${COMPARED}`, rawDetails * COMPARED, compared, COMPARED)
  await app.close()
  await close()
  dir.remove()
  return rows
}

const pictures = await servePictures()
console.log('| upstream | reply | upstream JSON | our text | share | our JSON | share |\n|---|---|---|---|---|---|---|')
for (const make of [parseSource, open1688Source, tmapiSource]) {
  for (const { source, reply, raw, text, json } of await measure(await make(pictures), pictures.host)) {
    const share = (tokens: number) => `${Math.round((100 * tokens) / raw)} %`
    const cells = [raw.toFixed(0), text.toFixed(0), share(text), json.toFixed(0), share(json)]
    console.log(`| ${source} | ${reply} | ${cells.join(' | ')} |`)
  }
}
console.log(`\nTokens (o200k) per offer; a search returns ${OFFERS} offers.`)
await pictures.close()

/** What a host sends with every conversation. */
async function measureSet(set: string): Promise<string> {
  const dir = makeTempDir()
  const client = await connectOverStdio('v2 client, 2026 wire', serverCommand(dir.path, { MCP1688_TOOLS: set }))
  const tools = await client.listTools()
  await client.close()
  dir.remove()
  return `| ${set} | ${tools.length} | ${JSON.stringify(tools).length} | ${tokensOf(tools)} |`
}

console.log('\n| set of tools | tools | bytes | tokens |\n|---|---|---|---|')
for (const set of ['core', 'sourcing', 'all']) console.log(await measureSet(set))
console.log('\n`tools/list`, without an upstream.')
