/** Another program holds a file of the data folder for itself, as a backup or a database browser may. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connect } from '../../src/store/sqlite.ts'
import { connectOverHttp, type TestClient } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, runProgram, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'

const OFFER = '7000000001'

let dir: TempDir
let upstream: ParseServer
let env: Record<string, string>
let key: string
const open: { close(): unknown }[] = []
beforeEach(async () => {
  dir = makeTempDir()
  upstream = await startParseServer({ rows: makeIndexRows(150, ['']) })
  env = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
  key = JSON.parse((await runProgram(['keys', 'add', '--name', 'Ana', '--json'], dir.path, env)).stdout).key
})
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close()
  await upstream.close()
  dir.remove()
})

async function start(): Promise<{ server: ServeProcess; client: TestClient }> {
  const server = await startServe(dir.path, env)
  const client = await connectOverHttp('v2 client, 2026 wire', `${server.url}/mcp`, { 'x-api-key': key })
  open.push(server, client)
  return { server, client }
}

/** Keeps every other process from reading or writing. @returns what ends that. */
function lock(file: string): () => void {
  const database = connect(file)
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  database.exec('BEGIN EXCLUSIVE')
  database.exec('PRAGMA user_version = 1')
  return () => {
    database.exec('ROLLBACK')
    database.exec('PRAGMA locking_mode = NORMAL')
    database.exec('PRAGMA user_version')
    database.close()
  }
}

test('a locked cache is passed over, and the call is answered', async () => {
  await runProgram(['details', OFFER], dir.path, env)
  const free = lock(path.join(dir.path, 'cache.db'))
  const { client } = await start()
  const startedAt = performance.now()
  const reply = await client.call('get_product_details', { offer_id: '7000000002' })
  expect(reply).toMatchObject({ isError: false, structured: { credits: { spent: 1 } } })
  // A single wait for a lock that calls need is 10 s.
  expect(performance.now() - startedAt).toBeLessThan(8_000)
  free()
})

test('/healthz and other calls are answered while a call waits for a locked file', async () => {
  const first = await start()
  await first.client.call('get_product_details', { offer_id: OFFER })
  await first.client.close()
  await first.server.close()
  open.length = 0
  const accounts = path.join(dir.path, 'accounts')
  const [account = ''] = readdirSync(accounts).filter(name => /^ledger-\w+\.db$/.test(name))
  const free = lock(path.join(accounts, account))
  const { server, client } = await start()
  const answered: string[] = []
  const waiting = client.call('get_product_details', { offer_id: OFFER }).then(reply => {
    answered.push('call')
    return reply
  })
  for (let probe = 0; probe < 10; probe++) {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    answered.push('probe')
  }
  expect(answered).toEqual(Array.from({ length: 10 }, () => 'probe'))
  free()
  expect((await waiting).isError).toBe(false)
})
