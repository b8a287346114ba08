/**
 * Measures credits: replays a thousand calls of an agent's day (agent-day.jsonl) against a stand-in for the upstream.
 * Compares one credit per call, our catalogue alone, and catalogue plus cache. `npm run bench:agent-day`
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { createApp } from '../src/app/create-app.ts'
import { loadConfig } from '../src/load-config.ts'
import { createLogger } from '../src/log.ts'
import { TOOLS } from '../src/tools/list.ts'
import { runTool } from '../src/tools/run.ts'
import { buyersPhoto, drawnGood } from '../test/support/drawn-goods.ts'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { createPictureServer } from '../test/support/picture-server.ts'
import { makeTempDir, ROOT } from '../test/support/program.ts'

const INDEX_SIZE = 734
const PHOTOS = 36
const call = z.object({
  tool: z.string(),
  photo: z.number().optional(),
  page: z.number().optional(),
  offer: z.number().optional(),
})
const calls = readFileSync(path.join(import.meta.dirname, 'agent-day.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map(line => call.parse(JSON.parse(line)))

const photos = await Promise.all(
  Array.from(
    { length: PHOTOS },
    async (_, index) => `data:image/jpeg;base64,${(await buyersPhoto(index)).toString('base64')}`,
  ),
)

// Drawn first, because the product permanently disables SVG in the picture library of its process.
const goods = await Promise.all(
  Array.from({ length: 60 }, async (_, index) => [`/${index}.jpg`, await drawnGood(index)] as const),
)

/** Resolves to what the stand-in billed. */
async function replay(cache: 'on' | 'off'): Promise<{ credits: number; refused: number }> {
  const dir = makeTempDir()
  const pictures = await createPictureServer(Object.fromEntries(goods))
  const rows = makeIndexRows(
    INDEX_SIZE,
    goods.map(([name]) => `http://${pictures.host}${name}`),
  )
  const upstream = await startParseServer({ rows, credits: 1e6 })
  const env = {
    MCP1688_PARSE_API_KEY: upstream.key,
    MCP1688_PARSE_BASE_URL: upstream.url,
    MCP1688_IMAGE_ALLOW: pictures.host,
    MCP1688_DATA_DIR: dir.path,
    MCP1688_CACHE: cache,
    MCP1688_RATE_PER_MINUTE: '100000',
    MCP1688_CREDITS_PER_MONTH: '1000000',
  }
  const config = loadConfig({ env, flags: {}, platform: process.platform, homeDir: dir.path })
  const logger = createLogger({ level: 'silent', write: () => {} })
  const app = createApp({ config, packageDir: ROOT, logger, isLocal: true })
  let refused = 0
  for (const { tool: name, photo, page, offer } of calls) {
    const tool = TOOLS.find(candidate => candidate.name === name)
    if (!tool) throw new Error(`no tool ${name}`)
    const input =
      name === 'search_by_image'
        ? { image_url: photos[photo ?? 0], page }
        : name === 'get_product_details'
          ? { offer_id: rows[offer ?? 0]?.offer_id }
          : {}
    const reply = await runTool(tool, input, { services: app.services, signal: new AbortController().signal }, logger)
    if (reply.error) refused += 1
  }
  await app.close()
  await upstream.close()
  await pictures.close()
  dir.remove()
  return { credits: 1e6 - upstream.creditsLeft(), refused }
}

const bare = calls.filter(({ tool }) => tool !== 'get_usage').length
const off = await replay('off')
const on = await replay('on')
console.log(`${calls.length} calls in an agent's day, against an index of ${INDEX_SIZE} offers\n`)
console.log('| | credits | share | failed calls |\n|---|---|---|---|')
console.log(`| one credit per call (upstream alone) | ${bare} | 100 % | - |`)
for (const [name, run] of [
  ['catalogue, no cache', off],
  ['catalogue and cache', on],
] as const) {
  console.log(`| ${name} | ${run.credits} | ${((100 * run.credits) / bare).toFixed(1)} % | ${run.refused} |`)
}
console.log(`\nwith the cache / without: ${(on.credits / off.credits).toFixed(3)}`)
