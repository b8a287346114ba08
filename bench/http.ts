/**
 * Measures `serve` on both protocol versions: calls per second and processor time per call for cached details, beside
 * a bare echo server of the SDK. `npm run bench:http -- 2`: seconds per measurement. For long runs see bench/soak.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { PROGRAM } from '../test/support/program.ts'
import { quantile } from './quantile.ts'

const CONNECTIONS = [1, 16, 64]
const MIN_SHARE = 0.8

/** Servers are measured in turn and the median counts, because the machine has other work. */
const ROUNDS = 5

const [seconds = '2'] = process.argv.slice(2)

const DETAILS = { name: 'get_product_details', arguments: { offer_id: '7000000001' } }

/** One call in each protocol version. */
const WIRES = {
  '2025-11-25': (params: object) => ({ headers: { 'mcp-protocol-version': '2025-11-25' }, params }),
  '2026-07-28': (params: { name: string }) => ({
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': params.name },
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  }),
} as const

interface Target {
  name: string
  url: string
  child: ChildProcess
  call: { name: string; arguments: object }
}

interface Reading {
  callsPerSecond: number
  cpuMsPerCall: number
  p99Ms: number
}

const upstream = await startParseServer({ rows: makeIndexRows(10, ['https://cbu01.alicdn.com/img/ibank/one.jpg']) })
const dataDir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-bench-'))
const ours = await start('ours', [PROGRAM, 'serve', '--port', '0'], DETAILS, {
  MCP1688_DATA_DIR: dataDir,
  MCP1688_PARSE_BASE_URL: upstream.url,
  MCP1688_PARSE_API_KEY: upstream.key,
})
// Long enough that both servers answer with about as many bytes.
const echo = await start('bare', ['--import', 'tsx', path.join(import.meta.dirname, 'http-echo.ts')], {
  name: 'echo',
  arguments: { text: 'x'.repeat(700) },
})
let isGood = true
console.log(
  '| protocol | callers | ours | bare SDK server | share of its calls/s | share by CPU |\n|---|---|---|---|---|---|',
)
try {
  for (const wire of ['2025-11-25', '2026-07-28'] as const) await compare(wire)
  console.log(`Calls to the upstream in total: ${upstream.calls.length}`)
} finally {
  for (const { child } of [ours, echo]) child.kill('SIGTERM')
  await upstream.close()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exitCode = isGood ? 0 : 1

async function compare(wire: keyof typeof WIRES): Promise<void> {
  for (const target of [ours, echo]) await load(target, wire, 16, 2)
  for (const connections of CONNECTIONS) {
    const [ownReadings, bareReadings]: [Reading[], Reading[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      ownReadings.push(await load(ours, wire, connections, Number(seconds)))
      bareReadings.push(await load(echo, wire, connections, Number(seconds)))
    }
    const [own, bare] = [medianReading(ownReadings), medianReading(bareReadings)]
    const share = own.callsPerSecond / bare.callsPerSecond
    const cpuShare = bare.cpuMsPerCall / own.cpuMsPerCall
    if (share < MIN_SHARE) isGood = false
    const cells = [wire, connections, format(own), format(bare), share.toFixed(2), cpuShare.toFixed(2)]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

async function load(target: Target, wire: keyof typeof WIRES, connections: number, duration: number): Promise<Reading> {
  const { headers, params } = WIRES[wire](target.call)
  const cpuBefore = cpuMs(target.child)
  const result = await autocannon({
    url: `${target.url}/mcp`,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    connections,
    duration,
    verifyBody: body => String(body).includes('"content"') && !String(body).includes('"isError":true'),
  })
  const failed = result.errors + result.timeouts + result.non2xx + result.mismatches
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} calls of ${target.name} failed`)
  return {
    callsPerSecond: result.requests.total / result.duration,
    cpuMsPerCall: (cpuMs(target.child) - cpuBefore) / result.requests.total,
    p99Ms: result.latency.p99,
  }
}

async function start(
  name: string,
  args: string[],
  call: Target['call'],
  env: Record<string, string> = {},
): Promise<Target> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', HOME: tmpdir(), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', chunk => {
      text = (text + chunk).slice(-4_000)
      const [, found] = /Listening on (http:\S+)/.exec(text) ?? []
      if (found) resolve(found)
    })
    child.once('close', code => reject(new Error(`${name} ended with ${code}: ${text}`)))
  })
  return { name, url, child, call }
}

/** User and system time of a process, in milliseconds; Linux counts in ticks of 10 ms. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

function medianReading(readings: readonly Reading[]): Reading {
  const median = (pick: (reading: Reading) => number): number => quantile(readings.map(pick), 0.5)
  return {
    callsPerSecond: median(reading => reading.callsPerSecond),
    cpuMsPerCall: median(reading => reading.cpuMsPerCall),
    p99Ms: median(reading => reading.p99Ms),
  }
}

function format({ callsPerSecond, cpuMsPerCall, p99Ms }: Reading): string {
  return `${Math.round(callsPerSecond)} calls/s, ${cpuMsPerCall.toFixed(2)} ms CPU per call, p99 ${p99Ms} ms`
}
