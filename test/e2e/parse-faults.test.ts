import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { connectOverStdio, type TestClient, type ToolReply } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type Fault, type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, serverCommand } from '../support/program.ts'

const CLIENTS = ['v1 client, 2025 wire', 'v2 client, 2026 wire'] as const

/** HTML of another site that the upstream passes on. */
const SNIPPET = '<html>FOREIGN-BODY</html>'

const status = (code: number, headers: Record<string, string> = {}): Fault => ({
  kind: 'status',
  status: code,
  headers,
  body: { error: { message: SNIPPET, snippet: SNIPPET }, status_code: code },
})

/** Each fault is repeated until the program gives up retrying. */
const FAULTS: readonly [string, ...Fault[]][] = [
  ['400', status(400)],
  ['401', status(401)],
  ['402', status(402)],
  ['403', status(403)],
  ['404', status(404)],
  ['422', status(422)],
  ['500 twice', status(500), status(500)],
  ['502', status(502)],
  ['503', status(503)],
  ['a reset', { kind: 'reset' }],
  ['broken JSON', { kind: 'raw', body: '{"data":' }],
  ['HTML instead of JSON', { kind: 'raw', body: SNIPPET, contentType: 'text/html' }],
  ['JSON of another shape', { kind: 'raw', body: '{"data":{"title":7}}' }],
  ['50 MB', { kind: 'huge', bytes: 50 << 20 }],
]

interface World {
  upstream: ParseServer
  client: TestClient
  /** Fetches an offer that is not cached. */
  readNext(onProgress?: (progress: { message?: string | undefined }) => void): Promise<ToolReply>
  close(): Promise<void>
}

async function createWorld(wire: (typeof CLIENTS)[number]): Promise<World> {
  const dir = makeTempDir()
  const upstream = await startParseServer({ rows: makeIndexRows(60, ['https://cbu01.alicdn.com/img/ibank/a.jpg']) })
  const env = {
    MCP1688_PARSE_API_KEY: upstream.key,
    MCP1688_PARSE_BASE_URL: upstream.url,
    MCP1688_TIER: 'developer',
  }
  const client = await connectOverStdio(wire, serverCommand(dir.path, env))
  let offer = 7_000_000_001
  return {
    upstream,
    client,
    readNext: onProgress =>
      client.call('get_product_details', { offer_id: String(offer++) }, onProgress ? { onProgress } : {}),
    close: async () => {
      await client.close()
      await upstream.close()
      dir.remove()
    },
  }
}

/** A call hangs for 20 s, so both of them hang at the same time, while the other faults are tested. */
async function createHungWorld(wire: (typeof CLIENTS)[number]): Promise<World & { hung: Promise<ToolReply> }> {
  const world = await createWorld(wire)
  world.upstream.failNext({ kind: 'hang' })
  const hung = world.readNext()
  await vi.waitFor(() => expect(world.upstream.faultsLeft()).toBe(0), 10_000)
  return { ...world, hung }
}

const worlds = new Map<string, Awaited<ReturnType<typeof createHungWorld>>>()
beforeAll(async () => {
  await Promise.all(CLIENTS.map(async wire => worlds.set(wire, await createHungWorld(wire))))
})
afterAll(async () => {
  for (const world of worlds.values()) await world.close()
})

it.concurrent('retries when the upstream allows it, and counts the credits of every try', async ({ expect }) => {
  const world = await createWorld(CLIENTS[1])
  const { upstream, readNext } = world
  upstream.failNext(status(500))
  expect((await readNext()).structured).toMatchObject({ credits: { spent: 2 } })
  upstream.failNext(status(503, { 'retry-after': '1' }))
  expect((await readNext()).structured).toMatchObject({ credits: { spent: 2 } })
  // A 429 costs nothing. Its body says when to retry, and the caller gets progress at once and after 5 s.
  upstream.failNext({ kind: 'status', status: 429, body: { error: { retry_after: 6 } } })
  const heard: (string | undefined)[] = []
  const reply = await readNext(({ message }) => heard.push(message))
  expect(reply.structured, reply.text).toMatchObject({ credits: { spent: 1 } })
  expect(heard).toEqual([
    expect.stringMatching(/^waiting about [67] s for the rate limit$/),
    expect.stringMatching(/^waiting about [12] s for the rate limit$/),
  ])
  expect(upstream.calls.map(call => call.status)).toEqual([500, 200, 503, 200, 429, 200])
  await world.close()
})

it.concurrent.for(CLIENTS)(
  'says what is wrong and what to do, and keeps running: %s',
  { timeout: 60_000 },
  async (wire, { expect }) => {
    const world = worlds.get(wire)
    if (world === undefined) throw new Error(`no world for ${wire}`)
    const { upstream, client, readNext } = world
    const failures: string[] = []
    const record = (name: string, reply: ToolReply) => {
      expect(reply, name).toMatchObject({ isError: true, structured: undefined })
      failures.push(`--- ${name}\n${reply.text}\n`)
    }
    for (const [name, ...faults] of FAULTS) {
      upstream.failNext(...faults)
      record(name, await readNext())
      expect(upstream.faultsLeft(), name).toBe(0)
      expect((await readNext()).isError, `after ${name}`).toBe(false)
    }
    record('a hang', await world.hung)
    upstream.failNext(status(429))
    record('429 without a time', await readNext())
    record('the next call', await readNext())
    const known = await client.call('get_product_details', { offer_id: '7000000003' })
    expect(known.structured, known.text).toMatchObject({ credits: { spent: 0 } })
    const text = failures.join('\n')
    expect(text).not.toContain('FOREIGN-BODY')
    const fixed = text.replaceAll(/\d\d:\d\d:\d\d UTC/g, 'HH:MM:SS UTC').replaceAll(/\b(59|60) s\b/g, 'N s')
    await expect(fixed.replaceAll(/(?<=_s: )(59|60)\b/g, 'N')).toMatchFileSnapshot('parse-faults.snap.txt')
  },
)
