import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { HAS_POSTGRES, type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { makeTempDir, runProgram, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'

const rows = makeIndexRows(40, ['https://cbu01.alicdn.com/img/ibank/a.jpg'])

describe.skipIf(!HAS_POSTGRES)('machines that share a PostgreSQL (skipped if it is not installed)', () => {
  let server: PostgresServer
  let upstream: ParseServer
  /** Each process has its own data folder, as on separate machines. */
  const machines: Array<{ dir: TempDir; serve: ServeProcess }> = []
  let text: string

  const envOf = ({ url, key }: ParseServer) => ({
    MCP1688_STORE: server.url(),
    MCP1688_PARSE_API_KEY: key,
    MCP1688_PARSE_BASE_URL: url,
    MCP1688_LOG_LEVEL: 'error',
  })
  const startMachine = async (from = upstream) => {
    const dir = makeTempDir()
    const serve = await startServe(dir.path, envOf(from))
    machines.push({ dir, serve })
    return serve
  }
  const details = async ({ url }: ServeProcess, id: string) => {
    const response = await fetch(`${url}/get_product_details?offer_id=${id}`, { headers: { 'x-api-key': text } })
    return { status: response.status, spent: response.headers.get('x-credits-charged'), body: await response.text() }
  }

  beforeAll(async () => {
    server = await startPostgres()
    upstream = await startParseServer({ rows })
    const dir = makeTempDir()
    const made = await runProgram(
      ['keys', 'add', '--name', 'team', '--tier', 'hobby', '--json'],
      dir.path,
      envOf(upstream),
    )
    text = JSON.parse(made.stdout).key
    dir.remove()
    // All at once on an empty database: one of them creates the tables.
    await Promise.all([startMachine(), startMachine(), startMachine()])
  })
  afterAll(async () => {
    for (const { dir, serve } of machines) {
      serve.kill('SIGKILL')
      await serve.exited
      dir.remove()
    }
    await upstream?.close()
    await server?.remove()
  })
  beforeEach(() => {
    upstream.calls.length = 0
  })
  const machine = (index: number): ServeProcess => {
    const found = machines[index]
    if (!found) throw new Error('no such machine')
    return found.serve
  }

  it('pay and count once if all of them request the same offer at the same time', async () => {
    const replies = await Promise.all(Array.from({ length: 9 }, (_, n) => details(machine(n % 3), '7000000001')))
    expect(replies.map(({ status }) => status)).toEqual(Array(9).fill(200))
    expect(upstream.calls).toHaveLength(1)
    expect(replies.filter(({ spent }) => spent === '1')).toHaveLength(1)
    const [used, holder] = server
      .sql(`SELECT sum(credits) FROM mcp1688_calls GROUP BY account ORDER BY account DESC`)
      .split('\n')
    expect([used, holder]).toEqual(['1', '1'])
  })

  it('never return the replies of another key', async () => {
    const other = await startParseServer({ rows, key: 'pmx_another' })
    const stranger = await startMachine(other)
    expect((await details(stranger, '7000000001')).spent).toBe('1')
    expect(other.calls).toHaveLength(1)
    expect((await details(machine(0), '7000000001')).spent).toBe('0')
    expect(upstream.calls).toHaveLength(0)
    await other.close()
  })

  it('continue if one of them is killed during a call, and count that call as spent', async () => {
    const release = upstream.hold()
    const doomed = details(machine(2), '7000000002').catch(() => null)
    await expect.poll(() => upstream.calls.length).toBe(1)
    machine(2).kill('SIGKILL')
    await doomed
    release()
    expect((await details(machine(0), '7000000003')).status).toBe(200)
    expect(
      server.sql(`SELECT count(*) FROM mcp1688_calls WHERE state = 'reserved' AND account LIKE 'upstream:%'`),
    ).toBe('1')
  })

  it('answer from memory and spend nothing while the database is down, and recover when it is back', async () => {
    expect((await details(machine(0), '7000000004')).status).toBe(200)
    const used = server.sql('SELECT count(*) FROM mcp1688_calls')
    upstream.calls.length = 0
    await server.kill()

    const known = await details(machine(0), '7000000004')
    expect(known).toMatchObject({ status: 200, spent: '0' })
    const unknown = await details(machine(0), '7000000005')
    expect(unknown.status).toBe(503)
    expect(unknown.body).toContain('store_unavailable')
    expect(unknown.body).toContain('no call is sent uncounted')
    expect(upstream.calls).toHaveLength(0)

    await server.start()
    await expect.poll(async () => (await details(machine(0), '7000000005')).status).toBe(200)
    expect(upstream.calls).toHaveLength(1)
    expect(Number(server.sql('SELECT count(*) FROM mcp1688_calls'))).toBeGreaterThan(Number(used))
  })
})
