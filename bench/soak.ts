/**
 * Runs both transports for long and reads how far resident memory grows: calls one after another over stdio, then 64
 * connections to `serve`, all for cached details. Exits with 1 where memory grows by more than 5 %, a call fails, or
 * the slowest 1 % take over 300 ms. `npm run bench:soak -- 20000 600`: calls over stdio, seconds over HTTP.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import autocannon from 'autocannon'
import { makeIndexRows } from '../test/support/index-rows.ts'
import { startParseServer } from '../test/support/parse-server.ts'
import { PROGRAM } from '../test/support/program.ts'
import { startServe } from '../test/support/serve-process.ts'
import { costOf, greet, openWire } from './peers/wire.ts'
import { quantile } from './quantile.ts'

const CONNECTIONS = 64
const MAX_GROWTH = 0.05
const MAX_P99_MS = 300

/** Until then code is compiled, pools are full and V8 has sized its heap. */
const WARM_UP_CALLS = 5_000
const WARM_UP_S = 60

const [stdioCalls = '20000', httpSeconds = '600'] = process.argv.slice(2)

interface Soak {
  calls: number
  p99Ms: number
  /** Resident memory after the warm-up and at the end. */
  beforeMb: number
  afterMb: number
}

const DETAILS = { name: 'get_product_details', arguments: { offer_id: '7000000001' } }
const upstream = await startParseServer({ rows: makeIndexRows(10, ['https://cbu01.alicdn.com/img/ibank/one.jpg']) })
const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-soak-'))
const env = {
  MCP1688_PARSE_BASE_URL: upstream.url,
  MCP1688_PARSE_API_KEY: upstream.key,
}
try {
  console.log(
    '| transport | calls | p99 ms | resident MB after the warm-up | at the end | growth |\n|---|---|---|---|---|---|',
  )
  report('stdio, one call after another', await soakStdio(Number(stdioCalls)))
  report(`HTTP, ${CONNECTIONS} connections, ${httpSeconds} s`, await soakHttp(Number(httpSeconds)))
  console.log(`\nCalls to the upstream in total: ${upstream.calls.length}`)
} finally {
  await upstream.close()
  rmSync(folder, { recursive: true, force: true })
}

async function soakStdio(calls: number): Promise<Soak> {
  const wire = openWire([PROGRAM], { MCP1688_DATA_DIR: folder, ...env })
  await greet(wire)
  const call = async () => {
    const startedAt = performance.now()
    const result = JSON.stringify(await wire.ask('tools/call', DETAILS))
    if (!result.includes('"content"') || result.includes('"isError":true')) throw new Error(result)
    return performance.now() - startedAt
  }
  for (let done = 0; done < WARM_UP_CALLS; done++) await call()
  const memory = watchMemory(() => wire.cost().rssMb)
  const times: number[] = []
  for (let done = 0; done < calls; done++) times.push(await call())
  const growth = memory()
  await wire.close()
  return { calls, p99Ms: quantile(times, 0.99), ...growth }
}

async function soakHttp(seconds: number): Promise<Soak> {
  const { url, pid, close } = await startServe(folder, env)
  try {
    await load(url, WARM_UP_S)
    const memory = watchMemory(() => costOf(pid).rssMb)
    const { requests, latency } = await load(url, seconds)
    return { calls: requests.total, p99Ms: latency.p99, ...memory() }
  } finally {
    await close()
  }
}

/**
 * From second to second it rises and falls by a fifth, with what V8 has not collected yet.
 * @returns ends the watch, with the medians of its first and its last tenth.
 */
function watchMemory(readMb: () => number): () => Pick<Soak, 'beforeMb' | 'afterMb'> {
  const samples = [readMb()]
  const timer = setInterval(() => samples.push(readMb()), 1_000)
  return () => {
    clearInterval(timer)
    const tenth = Math.ceil(samples.length / 10)
    return { beforeMb: quantile(samples.slice(0, tenth), 0.5), afterMb: quantile(samples.slice(-tenth), 0.5) }
  }
}

async function load(url: string, duration: number) {
  const result = await autocannon({
    url: `${url}/mcp`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: DETAILS }),
    connections: CONNECTIONS,
    duration,
    // Node accepts one connection between two rounds of requests, so that on a busy machine the last ones wait.
    timeout: 60,
    verifyBody: body => String(body).includes('"content"') && !String(body).includes('"isError":true'),
  })
  const { errors, timeouts, non2xx, mismatches } = result
  if (errors + timeouts + non2xx + mismatches > 0) {
    throw new Error(
      `Of ${result.requests.total} calls ${errors} broke off, ${timeouts} got no answer, ${non2xx} another status, ${mismatches} another reply.`,
    )
  }
  return result
}

function report(transport: string, { calls, p99Ms, beforeMb, afterMb }: Soak): void {
  const growth = afterMb / beforeMb - 1
  if (growth > MAX_GROWTH || p99Ms > MAX_P99_MS) process.exitCode = 1
  const cells = [transport, calls, p99Ms.toFixed(1), beforeMb.toFixed(1), afterMb.toFixed(1)]
  console.log(`| ${cells.join(' | ')} | ${(growth * 100).toFixed(1)} % |`)
}
