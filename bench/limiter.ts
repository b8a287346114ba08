/**
 * Measures the limiter with a real clock and real HTTP: several processes share one key and call a server that answers
 * 429 above the limit of its sliding minute. `npm run bench:limiter -- 2 20 4 [postgres]`: processes, calls per minute,
 * minutes; `postgres` starts Debian's PostgreSQL for the ledger.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { AppError } from '../src/errors.ts'
import { CallError, type Reported } from '../src/limits/gate/call-report.ts'
import { createGate, DEFAULT_CONNECTIONS } from '../src/limits/gate/gate.ts'
import { createPostgresLedger } from '../src/limits/ledger/postgres/ledger.ts'
import { openLedgerFile } from '../src/limits/ledger/sqlite/ledger-file.ts'
import { createLogger } from '../src/log.ts'
import { createPostgres } from '../src/store/postgres.ts'
import { openPool } from '../src/store/postgres-driver.ts'
import { systemClock } from '../src/time/clock.ts'
import { slidingLog } from '../test/support/limiter-models.ts'
import { listenOnLoopback } from '../test/support/loopback.ts'
import { startPostgres } from '../test/support/postgres-server.ts'

/** Concurrent calls of each process; more than it has connections. */
const CALLERS = 16

/** The calls of a minute are spread over up to 15 s, so those of the last minute may end that much later. */
const SLACK_MS = 15_000

const [processes = '2', callsPerMinute = '20', minutes = '4', store = 'sqlite', worker] = process.argv.slice(2)
const limit = Number(callsPerMinute)
const durationMs = Number(minutes) * 60_000 + SLACK_MS

if (worker === undefined) await measure(Number(processes))
else await work(worker)

async function measure(count: number): Promise<void> {
  const limiter = slidingLog(limit)
  const served = new Map<string, number>()
  let refused = 0
  const server = createServer((message, response) => {
    const waitMs = limiter.judge(performance.now())
    if (waitMs !== null) {
      refused++
      response.writeHead(429, { 'retry-after': String(Math.ceil(waitMs / 1_000)) }).end()
      return
    }
    const name = message.headers['x-worker']?.toString() ?? ''
    served.set(name, (served.get(name) ?? 0) + 1)
    response.end('{}')
  })
  const { port, close } = await listenOnLoopback(server)
  const dataDir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-bench-'))
  const database = store === 'postgres' ? await startPostgres({}) : null
  const workers = Array.from({ length: count }, (_, index) =>
    fork(fileURLToPath(import.meta.url), [
      processes,
      callsPerMinute,
      minutes,
      store,
      `${index}|${port}|${dataDir}|${database?.url() ?? ''}`,
    ]),
  )
  await Promise.all(workers.map(exited))
  await close()
  await database?.remove()
  rmSync(dataDir, { recursive: true })

  const total = [...served.values()].reduce((sum, calls) => sum + calls, 0)
  const allowed = limit * (Math.floor(durationMs / 60_000) + 1)
  const shares = [...served.values()].map(calls => `${((100 * calls) / total).toFixed(1)} %`)
  console.log(`${count} processes, ${limit} calls per minute, ${minutes} minutes`)
  console.log(`429s: ${refused}`)
  console.log(`served: ${total} of ${allowed} (${((100 * total) / allowed).toFixed(1)} %)`)
  console.log(`share of each process: ${shares.join(', ')}`)
}

/** One process: each caller calls again as soon as it is answered, until time is up. */
async function work(task: string): Promise<void> {
  const [name = '', port = '', dataDir = '', url = ''] = task.split('|')
  const allowance = { callsPerMinute: limit, creditsPerMonth: null, creditResetDay: null }
  const agent = new Agent({ connections: DEFAULT_CONNECTIONS })
  const postgres = url === '' ? null : createPostgres(() => openPool(url))
  const gate = createGate({
    plan: { name: 'benchmark', allowance },
    openLedger: () =>
      postgres
        ? createPostgresLedger({ postgres, account: 'benchmark', allowance, clock: systemClock })
        : openLedgerFile({ dataDir, account: 'benchmark', allowance, clock: systemClock }),
    mode: 'closed',
    retries: { byStatus: {} },
    logger: createLogger({ level: 'warn', write: line => process.stderr.write(line) }),
  })
  const time = AbortSignal.timeout(durationMs)
  const call = async (signal: AbortSignal): Promise<Reported<null>> => {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, {
      dispatcher: agent,
      headers: { 'x-worker': name },
      signal,
    })
    const report = { kind: 'answered', status: statusCode, headersAtMs: systemClock.monotonic() } as const
    await body.dump()
    if (statusCode === 200) return { value: null, report }
    throw new CallError({ code: 'rate_limited', message: 'The server refused.', hint: 'Wait.' }, report)
  }
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!time.aborted) {
      try {
        await gate.run(call, { signal: time, maxWaitMs: durationMs })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
      }
    }
  })
  await Promise.all(callers)
  await gate.close()
  await postgres?.close()
  await agent.close()
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise(resolve => child.once('exit', () => resolve()))
}
