import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectOverStdio, type TestClient } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'

const ID = '7000000001'

describe('limits and credits, end to end', () => {
  let dir: TempDir
  let upstream: ParseServer
  const clients: TestClient[] = []

  beforeEach(async () => {
    dir = makeTempDir()
    upstream = await startParseServer({ rows: makeIndexRows(40, ['https://cbu01.alicdn.com/img/ibank/a.jpg']) })
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()))
    await upstream.close()
    dir.remove()
  })

  const connect = async (env: Record<string, string> = {}, dataDir = dir.path) => {
    const key = { MCP1688_PARSE_API_KEY: upstream.key, MCP1688_PARSE_BASE_URL: upstream.url }
    const client = await connectOverStdio('v2 client, 2025 wire', serverCommand(dataDir, { ...key, ...env }))
    clients.push(client)
    return client
  }
  const details = (client: TestClient, id: string) => client.call('get_product_details', { offer_id: id })

  it('asks once for what 100 callers in two processes want at once: one call, one credit', async () => {
    const pair = await Promise.all([connect(), connect()])
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => details(pair[index % 2] ?? pair[0], ID)),
    )
    expect(replies.filter(reply => reply.isError)).toEqual([])
    expect(upstream.calls).toHaveLength(1)
    const spent = replies.map(reply => JSON.stringify(reply.structured?.credits))
    expect(spent.filter(credits => credits.includes('"spent":1'))).toHaveLength(1)
    expect((await pair[0].call('get_usage')).structured).toMatchObject({
      credits_used: 1,
      credits_left: 99,
      credits_saved: 99,
    })
  })

  it('says when to come back rather than let the upstream refuse, and still answers what it knows', async () => {
    const client = await connect({ MCP1688_RATE_PER_MINUTE: '1' })
    expect((await details(client, ID)).isError).toBe(false)
    const refused = await details(client, '7000000002')
    expect(refused.isError).toBe(true)
    expect(refused.text).toMatch(/retry_after_s: \d+/)
    expect(refused.text).toContain('free tier')
    expect((await details(client, ID)).structured).toMatchObject({ credits: { spent: 0 } })
    expect(upstream.calls.map(call => call.status)).toEqual([200])
  })

  it('stops when the credits of the month are spent, and says until when', async () => {
    const client = await connect({ MCP1688_CREDITS_PER_MONTH: '1' })
    await details(client, ID)
    const refused = await details(client, '7000000002')
    expect(refused.text).toContain('credits_exhausted')
    expect(refused.text).toMatch(/\d{4}-\d\d-\d\d/)
    expect(upstream.calls).toHaveLength(1)
  })

  it('does not ask again for what is fresh, unless nothing is kept', async () => {
    const client = await connect({ MCP1688_TIER: 'developer' })
    await details(client, ID)
    const fresh = await connect({ MCP1688_TIER: 'developer', MCP1688_CACHE: 'off' })
    upstream.failNext({ kind: 'status', status: 502 })
    expect((await details(fresh, ID)).isError).toBe(true)
    expect((await details(client, ID)).structured).toMatchObject({ source: { stale: false }, credits: { spent: 0 } })
  })

  it('works without a place to write, and says what that means', async () => {
    const client = await connect({}, '/dev/null/nowhere')
    const reply = await details(client, ID)
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.text).toContain('other processes that use the same key are not counted')
    expect(reply.text).toContain('forgotten when the server stops')
  })
})
