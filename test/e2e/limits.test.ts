import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectOverStdio, type TestClient } from '../support/clients.ts'
import { connectInProcess, runInProcess } from '../support/in-process.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, serverCommand, type TempDir } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'

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
    const client = await connectInProcess(dataDir, { ...envOf(upstream), ...env })
    clients.push(client)
    return client
  }
  const details = (client: TestClient, id: string) => client.call('get_product_details', { offer_id: id })

  it('makes one call for 100 concurrent callers in two processes, for one credit', async () => {
    const start = () => connectOverStdio('v2 client, 2025 wire', serverCommand(dir.path, envOf(upstream)))
    const pair = await Promise.all([start(), start()])
    clients.push(...pair)
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => details(pair[index % 2] ?? pair[0], ID)),
    )
    expect(replies.filter(reply => reply.isError)).toEqual([])
    expect(upstream.calls).toHaveLength(1)
    const spent = replies.map(reply => JSON.stringify(reply.structured?.credits))
    expect(spent.filter(credits => credits.includes('"spent":1'))).toHaveLength(1)
    // A process writes its counts when it is asked for them; otherwise that takes a second.
    await pair[1].call('get_usage')
    expect((await pair[0].call('get_usage')).structured).toMatchObject({
      credits_used: 1,
      credits_left: 99,
      credits_saved: 99,
    })
  })

  it('says when to try again instead of exceeding the limit, and still answers from the cache', async () => {
    const client = await connect({ MCP1688_RATE_PER_MINUTE: '1' })
    expect((await details(client, ID)).isError).toBe(false)
    const refused = await details(client, '7000000002')
    expect(refused.isError).toBe(true)
    expect(refused.text.replaceAll(/\b(59|60|61)\b/g, 'N').replace(/\d\d:\d\d:\d\d/, 'HH:MM:SS')).toBe(
      'The limit of the free tier (1 call a minute) is reached; the next call can go out in N s (HH:MM:SS UTC). Call again in N s; until then ' +
        'get_product_details still answers for offers read before, and search_by_image for those in the catalogue, at no cost.\n' +
        '(code: rate_limited; retryable: yes; retry_after_s: N)',
    )
    expect((await details(client, ID)).structured).toMatchObject({ credits: { spent: 0 } })
    expect(upstream.calls.map(call => call.status)).toEqual([200])
  })

  it('stops when the credits of the month are spent, and says when they return', async () => {
    const client = await connect({ MCP1688_CREDITS_PER_MONTH: '1' })
    await details(client, ID)
    const refused = await details(client, '7000000002')
    expect(refused.text).toContain('credits_exhausted')
    expect(refused.text).toMatch(/\d{4}-\d\d-\d\d/)
    expect(upstream.calls).toHaveLength(1)
  })

  it('does not fetch a fresh answer again, unless the cache is off or the caller insists', async () => {
    const run = async (...args: string[]) => {
      const result = await runInProcess(['details', ID, '--json', ...args], dir.path, envOf(upstream))
      expect(result.exitCode, result.stderr).toBe(0)
      return JSON.parse(result.stdout).credits.spent
    }
    expect([await run(), await run(), await run('--fresh'), await run('--cache', 'off'), await run()]).toEqual([
      1, 0, 1, 1, 0,
    ])
    expect(upstream.calls).toHaveLength(3)
  })

  it('caches the answer of a cancelled call, because it was paid for', async () => {
    const client = await connect()
    const release = upstream.hold()
    const caller = new AbortController()
    const cancelled = client.call('get_product_details', { offer_id: ID }, { signal: caller.signal })
    cancelled.catch(() => undefined)
    await expect.poll(() => upstream.calls.length, { timeout: 10_000 }).toBe(1)
    caller.abort()
    await expect(cancelled).rejects.toThrow()
    const again = details(client, ID)
    release()
    expect((await again).structured).toMatchObject({ credits: { spent: 0, remaining: 99 } })
    expect(upstream.calls).toHaveLength(1)
  })

  it('returns an old answer with its age if a new one cannot be fetched', async () => {
    await runInProcess(['details', ID], dir.path, envOf(upstream))
    upstream.failNext({ kind: 'status', status: 502 })
    const { stdout } = await runInProcess(['details', ID, '--fresh'], dir.path, envOf(upstream))
    expect(stdout).toMatch(/^source: parse, fetched \d+ s ago \(.+\), may be out of date; credits spent: 1/m)
    expect(stdout).toContain('This is an earlier answer: a new one could not be fetched (upstream_unavailable).')
  })

  it('never returns what another key has paid for', async () => {
    await runInProcess(['details', ID], dir.path, envOf(upstream))
    const other = await runInProcess(['details', ID, '--parse-api-key', 'pmx_other'], dir.path, envOf(upstream))
    expect(other.exitCode).toBe(4)
    expect(other.stderr).toContain('Parse rejected the API key (401)')
  })

  it('reports limits, credits, cache and catalogue', async () => {
    const client = await connect({ MCP1688_CREDIT_RESET_DAY: '1' })
    for (const id of [ID, ID, '7000000002']) await details(client, id)
    const { structured, text } = await client.call('get_usage')
    expect(structured).toEqual({
      upstream: 'parse',
      plan: 'free tier',
      calls_per_minute: 5,
      calls_free_now: 3,
      next_call_in_s: 0,
      credits_per_month: 100,
      credits_used: 2,
      credits_left: 98,
      credits_reset_at: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00.000Z$/),
      calls_waiting: 0,
      evenly_spaced: false,
      cache_hits: 1,
      cache_misses: 2,
      credits_saved: 1,
      catalogue: [{ source: 'parse', offers: 2, compared: 0 }],
      index_fetched: 0,
    })
    const command = await runInProcess(['usage', '--credit-reset-day', '1'], dir.path, envOf(upstream))
    expect(command.stdout).toBe(`${text}\n`)
    expect(text.replace(/\d{4}-\d\d-01/, 'YYYY-MM-01').split('\n')).toEqual([
      'upstream: parse (free tier)',
      'calls: 3 of 5 left this minute',
      'credits: 98 of 100 left; more come back on YYYY-MM-01',
      'cache: answered 1 of 3 calls, saved 1 credit',
      'catalogue: parse 2 offers (0 ready to compare)',
      'index: nothing fetched yet',
    ])
  })

  it('does not pay twice even if files cannot be written, and says what that means', async () => {
    const noFolder = path.join(dir.path, 'a-file')
    writeFileSync(noFolder, '')
    const client = await connect({}, noFolder)
    expect((await details(client, ID)).structured).toMatchObject({ credits: { spent: 1 } })
    const again = await details(client, ID)
    expect(again.structured).toMatchObject({ credits: { spent: 0 } })
    expect(again.text).toContain('new offers are lost when the server stops')
    expect(again.text).toContain('calls by other processes with the same key are not counted')
    expect(upstream.calls).toHaveLength(1)
  })

  it('does not serve other callers without a ledger, because nothing would count their credits', async () => {
    const start = startServe('/dev/null/nowhere', envOf(upstream))
    await expect(start).rejects.toThrow(
      /The file ledger-[0-9a-f]{16}\.db in the data folder cannot be used\. Check that/,
    )
    expect(upstream.calls).toEqual([])
  })

  it('works without a writable folder, and says what that means', async () => {
    const client = await connect({}, '/dev/null/nowhere')
    const reply = await details(client, ID)
    expect(reply.isError, reply.text).toBe(false)
    expect(reply.text).toContain('calls by other processes with the same key are not counted')
    expect(reply.text).toContain('lost when the server stops')
  })
})

function envOf({ key, url }: ParseServer): Record<string, string> {
  return { MCP1688_PARSE_API_KEY: key, MCP1688_PARSE_BASE_URL: url }
}
