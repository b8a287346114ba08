/**
 * Owns the measurement of `serve`: calls a second and processor time a call for details that are cached, beside a bare SDK echo server in the same run, on
 * both wires; then a soak. `npm run bench:http -- 5 30`: seconds a measurement, seconds of soak.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { PROGRAM } from '../test/support/program.ts'

const CONNECTIONS = [1, 16, 64]
const MIN_SHARE = 0.8
const MAX_HEAP_GROWTH = 0.1

const [seconds = '5', soakSeconds = '30'] = process.argv.slice(2)

const DETAILS = { name: 'get_product_details', arguments: { offer_id: '7000000001' } }

/** The request of one call on each wire. */
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
const ours = await start('ours', ['--expose-gc', PROGRAM, 'serve', '--port', '0'], DETAILS, {
  MCP1688_DATA_DIR: dataDir,
  MCP1688_PARSE_BASE_URL: upstream.url,
  MCP1688_PARSE_API_KEY: upstream.key,
})
// Long enough that both answer with about as many bytes.
const echo = await start('bare', ['--import', 'tsx', path.join(import.meta.dirname, 'http-echo.ts')], {
  name: 'echo',
  arguments: { text: 'x'.repeat(700) },
})
let isGood = true
try {
  for (const wire of ['2025-11-25', '2026-07-28'] as const) await compare(wire)
  await soak()
  console.log(`The upstream was asked ${upstream.calls.length} time(s) for all of it.`)
} finally {
  for (const { child } of [ours, echo]) child.kill('SIGTERM')
  await upstream.close()
  rmSync(dataDir, { recursive: true, force: true })
}
process.exitCode = isGood ? 0 : 1

async function compare(wire: keyof typeof WIRES): Promise<void> {
  for (const target of [ours, echo]) await load(target, wire, 16, 2)
  for (const connections of CONNECTIONS) {
    // Interleaved twice, and the better of each: the machine has other work.
    const best = new Map<Target, Reading>()
    for (let round = 0; round < 2; round++) {
      for (const target of [ours, echo]) {
        const reading = await load(target, wire, connections, Number(seconds))
        const before = best.get(target)
        if (!before || reading.callsPerSecond > before.callsPerSecond) best.set(target, reading)
      }
    }
    const [own, bare] = [best.get(ours), best.get(echo)]
    if (!own || !bare) throw new Error('nothing was measured')
    const share = own.callsPerSecond / bare.callsPerSecond
    if (share < MIN_SHARE) isGood = false
    console.log(`${wire} x${connections}: ours ${format(own)} | bare ${format(bare)} | share ${share.toFixed(2)}`)
  }
}

async function soak(): Promise<void> {
  const before = await usedHeap()
  const reading = await load(ours, '2025-11-25', 64, Number(soakSeconds))
  const after = await usedHeap()
  const growth = after / before - 1
  if (growth > MAX_HEAP_GROWTH) isGood = false
  const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)
  console.log(`soak ${soakSeconds} s x64: ${format(reading)}, no error, heap ${mb(before)} -> ${mb(after)} MB`)
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
      if (text.length < 4_000) text += chunk
      const [, found] = /Listening on (http:\S+)/.exec(text) ?? []
      if (found) resolve(found)
    })
    child.once('close', code => reject(new Error(`${name} ended with ${code}: ${text}`)))
  })
  return { name, url, child, call }
}

/** User and system time of a process so far, in milliseconds; Linux counts it in ticks of 10 ms. */
function cpuMs({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** What the server itself says, after it was left alone for a moment. */
async function usedHeap(): Promise<number> {
  const readings: number[] = []
  for (let n = 0; n < 5; n++) {
    const text = await (await fetch(`${ours.url}/metrics`)).text()
    readings.push(Number(/^mcp1688_nodejs_heap_size_used_bytes (\S+)/m.exec(text)?.[1]))
    await load(ours, '2025-11-25', 64, 1)
  }
  return Math.min(...readings)
}

function format({ callsPerSecond, cpuMsPerCall, p99Ms }: Reading): string {
  return `${Math.round(callsPerSecond)} calls/s, ${cpuMsPerCall.toFixed(2)} ms CPU a call, p99 ${p99Ms} ms`
}
