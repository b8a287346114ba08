/**
 * Measures a call over stdio through the SDK's client, as a host sees it: our cached details in turn with an echo by a
 * bare server on the same SDK. `npx tsx bench/round-trip.ts [calls=2000]` after `npm run build`. See also bench/http.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { PROGRAM } from '../test/support/program.ts'
import { bundleBareServer } from './peers/bundle-bare.ts'
import { costOf } from './peers/wire.ts'
import { quantile } from './quantile.ts'

const ROUNDS = 5
const DEPTH = 16
const calls = Number(process.argv[2] ?? 2_000)
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-round-'))

interface Host {
  call(params: CallParams): Promise<unknown>
  cpuMs(): number
  close(): Promise<void>
}

interface CallParams {
  name: string
  arguments: Record<string, unknown>
}

interface Sample {
  p50: number
  p99: number
  aSecond: number
  cpuUs: number
}

async function connect(program: string, env: Record<string, string> = {}): Promise<Host> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [program], env, stderr: 'ignore' })
  const client = new Client({ name: 'bench', version: '1.0.0' })
  await client.connect(transport)
  // As hosts do; from then on the client checks each result against the listed schema.
  await client.listTools()
  return {
    call: params => client.callTool(params),
    cpuMs: () => costOf(transport.pid ?? 0).cpuMs,
    close: () => client.close(),
  }
}

/** One round: sequential calls, then as many calls {@link DEPTH} at a time. */
async function measure(host: Host, params: CallParams): Promise<Sample> {
  const before = host.cpuMs()
  const times: number[] = []
  for (let call = 0; call < calls; call++) {
    const startedAt = performance.now()
    await host.call(params)
    times.push(performance.now() - startedAt)
  }
  const startedAt = performance.now()
  const loop = async () => {
    for (let call = 0; call < calls / DEPTH; call++) await host.call(params)
  }
  await Promise.all(Array.from({ length: DEPTH }, loop))
  const aSecond = calls / ((performance.now() - startedAt) / 1000)
  const cpuUs = ((host.cpuMs() - before) * 1000) / (2 * calls)
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), aSecond, cpuUs }
}

const rows = makeIndexRows(1, [''])
const upstream = await startParseServer({ rows, credits: 100 })
const bare = await connect(await bundleBareServer(folder))
const ours = await connect(PROGRAM, {
  MCP1688_DATA_DIR: folder,
  MCP1688_PARSE_API_KEY: upstream.key,
  MCP1688_PARSE_BASE_URL: upstream.url,
})
const details = { name: 'get_product_details', arguments: { offer_id: rows[0]?.offer_id } }
const replyBytes = JSON.stringify(await ours.call(details)).length
const programs = [
  ['echo of a bare server, 5 bytes', bare, { name: 'echo', arguments: { text: 'hello' } }],
  [
    `echo of a bare server, ${replyBytes} bytes like ours`,
    bare,
    { name: 'echo', arguments: { text: 'x'.repeat(replyBytes) } },
  ],
  ['mcp-1688, cached `get_product_details`', ours, details],
] as const

const samples = new Map<string, Sample[]>(programs.map(([name]) => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, host, params] of programs) {
    const sample = await measure(host, params)
    if (round > 0) samples.get(name)?.push(sample)
  }
}
const creditsSpent = 100 - upstream.creditsLeft()
await Promise.all([bare.close(), ours.close(), upstream.close()])
rmSync(folder, { recursive: true, force: true })

const middle = (name: string, key: keyof Sample) =>
  quantile(
    (samples.get(name) ?? []).map(sample => sample[key]),
    0.5,
  )
console.log(
  `| a call over stdio | p50 ms | p50, echo = 1 | p99 ms | calls/s, ${DEPTH} at once | server CPU µs per call |\n|---|---|---|---|---|---|`,
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
  `\nMedians of ${ROUNDS} rounds of ${calls} sequential and ${calls} concurrent calls; credits spent by all of ours: ${creditsSpent}.`,
)
