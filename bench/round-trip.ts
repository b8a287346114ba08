/**
 * Owns measuring a call over stdio: cached details of ours beside an echo of a bare server on the same SDK, in turn.
 * Run with `npx tsx bench/round-trip.ts [calls=2000]` after `npm run build`. Over HTTP: bench/http.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { bundleBareServer } from './peers/bundle-bare.ts'
import { greet, median, openWire, type Wire } from './peers/wire.ts'

const ROUNDS = 5
const DEPTH = 16
const calls = Number(process.argv[2] ?? 2_000)
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-round-'))

interface Sample {
  p50: number
  p99: number
  aSecond: number
  cpuUs: number
}

/** One round: one call after another, then as many again, {@link DEPTH} at a time. */
async function measure(wire: Wire, params: Record<string, unknown>): Promise<Sample> {
  const before = wire.cost().cpuMs
  const times: number[] = []
  for (let call = 0; call < calls; call++) {
    const startedAt = performance.now()
    await wire.ask('tools/call', params)
    times.push(performance.now() - startedAt)
  }
  const startedAt = performance.now()
  const loop = async () => {
    for (let call = 0; call < calls / DEPTH; call++) await wire.ask('tools/call', params)
  }
  await Promise.all(Array.from({ length: DEPTH }, loop))
  const aSecond = calls / ((performance.now() - startedAt) / 1000)
  const cpuUs = ((wire.cost().cpuMs - before) * 1000) / (2 * calls)
  times.sort((a, b) => a - b)
  return { p50: times[calls >> 1] ?? 0, p99: times[Math.floor(calls * 0.99)] ?? 0, aSecond, cpuUs }
}

const rows = makeIndexRows(1, [''])
const upstream = await startParseServer({ rows, credits: 100 })
const bare = openWire([await bundleBareServer(folder)])
const ours = openWire([path.resolve(import.meta.dirname, '../dist/mcp-1688.js')], {
  MCP1688_DATA_DIR: folder,
  MCP1688_PARSE_API_KEY: upstream.key,
  MCP1688_PARSE_BASE_URL: upstream.url,
})
for (const wire of [bare, ours]) await greet(wire)
const details = { name: 'get_product_details', arguments: { offer_id: rows[0]?.offer_id } }
const replyBytes = JSON.stringify(await ours.ask('tools/call', details)).length
const programs = [
  ['echo of a bare server, 5 bytes', bare, { name: 'echo', arguments: { text: 'hello' } }],
  [
    `echo of a bare server, ${replyBytes} bytes as ours`,
    bare,
    { name: 'echo', arguments: { text: 'x'.repeat(replyBytes) } },
  ],
  ['mcp-1688, cached `get_product_details`', ours, details],
] as const

const samples = new Map<string, Sample[]>(programs.map(([name]) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, wire, params] of programs) {
    const sample = await measure(wire, params)
    if (round > 0) samples.get(name)?.push(sample)
  }
}
const creditsSpent = 100 - upstream.creditsLeft()
await Promise.all([bare.close(), ours.close(), upstream.close()])
rmSync(folder, { recursive: true, force: true })

const middle = (name: string, key: keyof Sample) => median((samples.get(name) ?? []).map(sample => sample[key]))
console.log(
  `| a call over stdio | p50 ms | p50, echo = 1 | p99 ms | calls/s, ${DEPTH} at once | CPU µs a call |\n|---|---|---|---|---|---|`,
)
for (const [name] of programs) {
  const ratio = middle(name, 'p50') / middle(programs[0][0], 'p50')
  const cells = [
    middle(name, 'p50').toFixed(3),
    ratio.toFixed(2),
    middle(name, 'p99').toFixed(2),
    middle(name, 'aSecond').toFixed(0),
    middle(name, 'cpuUs').toFixed(0),
  ]
  console.log(`| ${name} | ${cells.join(' | ')} |`)
}
console.log(
  `\nMedians of ${ROUNDS} rounds of ${calls} calls in turn and ${calls} at once; all of ours together cost ${creditsSpent} credit.`,
)
