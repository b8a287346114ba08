/** Watching offers, through the built program: exit codes for cron, a check that is killed, and each account's own list. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/store/sqlite.ts'
import { connectOverHttp, WIRES } from '../support/clients.ts'
import { connectInProcess, runInProcess, serveInProcess } from '../support/in-process.ts'
import { type Listing, makeListings } from '../support/listings.ts'
import { makeTempDir, PROGRAM, runProgram, type TempDir } from '../support/program.ts'
import { startTmapiServer, type TmapiServer } from '../support/tmapi-server.ts'

const OFFERS = 24

/** Read after the kill; the last one is not listed. */
const LATE = OFFERS - 3

describe('watched offers', () => {
  let dir: TempDir
  let tmapi: TmapiServer
  let listings: Listing[]
  beforeEach(async () => {
    dir = makeTempDir()
    listings = makeListings(OFFERS)
    tmapi = await startTmapiServer({ listings })
  })
  afterEach(async () => {
    await tmapi.close()
    dir.remove()
  })
  const env = () => ({ MCP1688_UPSTREAM: 'tmapi', MCP1688_TMAPI_TOKEN: tmapi.token, MCP1688_TMAPI_BASE_URL: tmapi.url })
  const ids = () => listings.map(({ id }) => String(id))
  const run = (...argv: string[]) => runInProcess(['watch', ...argv], dir.path, env())
  const check = (...more: string[]) => run('check', '--json', '--min-age', '0h', ...more)
  const cut = (number: number) => {
    const listing = listings[number]
    if (listing) listing.priceFen -= 100
  }
  const idsRead = () =>
    tmapi.calls.filter(({ endpoint }) => endpoint === 'item_detail').map(({ query }) => query.item_id ?? '')

  it('exit with 0 where nothing has changed, 10 where something has, and an error of the table otherwise', async () => {
    expect(await run('add', ...ids().slice(0, 3), '--search', '马克杯')).toMatchObject({ exitCode: 0 })
    expect(await check()).toMatchObject({ exitCode: 0 })
    cut(1)
    const changed = await check()
    expect(changed.exitCode).toBe(10)
    const { changes } = JSON.parse(changed.stdout)
    const ofOffer = changes.filter((change: { search?: string }) => change.search === undefined)
    expect(ofOffer).toMatchObject([{ offer_id: ids()[1], what: 'price', from: '8.15-10.15', to: '7.15-9.15' }])
    expect(await check()).toMatchObject({ exitCode: 0 })
    const stopped = await runInProcess(['watch', 'check', '--min-age', '0h'], dir.path, {
      ...env(),
      MCP1688_TMAPI_TOKEN: 'wrong',
    })
    expect(stopped).toMatchObject({ exitCode: 4, stdout: expect.stringContaining('stopped: ') })
    expect(await run('chekc')).toMatchObject({ exitCode: 2 })
    expect(await run('remove', ids()[0] ?? '')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('1 removed'),
    })
    expect((await run('list')).stdout).toContain('3 of at most 500 watched')
  })

  it('are read within max_credits, and the next check goes on with the rest', async () => {
    await run('add', ...ids().slice(0, 5))
    const first = JSON.parse((await run('check', '--json', '--max-credits', '2')).stdout)
    expect(first).toMatchObject({ checked: 2, left: 3, credits: { spent: 2 } })
    const second = JSON.parse((await run('check', '--json', '--max-credits', '3')).stdout)
    expect(second).toMatchObject({ checked: 3, left: 0, credits: { spent: 3 } })
    expect(idsRead().toSorted()).toEqual(ids().slice(0, 5).toSorted())
  })

  it('lose no change to a check that is killed, and none whose answer arrived is read twice', async () => {
    const built = (...argv: string[]) => runProgram(['watch', ...argv], dir.path, env())
    await built('add', ...ids())
    await built('check')
    aDayPasses(dir.path)
    tmapi.calls.length = 0
    for (const number of [0, 1, 2, LATE]) cut(number)
    const killed = spawn(process.execPath, [PROGRAM, 'watch', 'check'], {
      env: { ...process.env, ...env(), MCP1688_DATA_DIR: dir.path },
      stdio: 'ignore',
    })
    await tmapi.seen(10)
    const release = tmapi.hold()
    // Those that are answered are kept before the next is asked for.
    const held = tmapi.calls.length
    await tmapi.seen(held + 4)
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    release()
    const unanswered = new Set(idsRead().slice(-4))
    const again = await run('check', '--json')
    expect(again.exitCode).toBe(10)
    const changes: { offer_id: string; what: string }[] = JSON.parse(again.stdout).changes
    const prices = changes.filter(({ what }) => what === 'price').map(change => change.offer_id)
    expect(prices.toSorted()).toEqual([0, 1, 2, LATE].map(number => ids()[number] ?? '').toSorted())
    const counts = new Map<string, number>()
    for (const id of idsRead()) counts.set(id, (counts.get(id) ?? 0) + 1)
    const twice = [...counts].filter(([, count]) => count > 1).map(([id]) => id)
    expect(twice.filter(id => !unanswered.has(id))).toEqual([])
    expect(counts.size).toBe(OFFERS)
  })

  it('are each account’s own over HTTP, and checked for all by one command, each paid by its account', async () => {
    const add = ['keys', 'add', '--name', 'Ana', '--tier', 'developer']
    const ana = /m1688_\S+/.exec((await runInProcess(add, dir.path)).stdout)?.[0] ?? ''
    const ben = /m1688_\S+/.exec((await runInProcess(add, dir.path)).stdout)?.[0] ?? ''
    const server = await serveInProcess(dir.path, { ...env(), MCP1688_TOOLS: 'all' })
    const clientOf = (key: string) => connectOverHttp(WIRES[2], `${server.url}/mcp`, { 'x-api-key': key })
    const [anas, bens] = [await clientOf(ana), await clientOf(ben)]
    await anas.call('watch_offers', { action: 'add', offer_ids: ids().slice(0, 2) })
    await bens.call('watch_offers', { action: 'add', offer_ids: ids().slice(3, 4) })
    await run('add', ids()[5] ?? '')
    expect((await anas.call('watch_offers')).structured).toMatchObject({ count: 2 })
    expect((await bens.call('watch_offers')).structured).toMatchObject({ count: 1 })
    const { exitCode, stdout } = await run('check', '--all', '--json')
    expect(exitCode).toBe(0)
    const { accounts } = JSON.parse(stdout)
    const idOf = (key: string) => `key:${key.slice(6, 14)}`
    const expected = [
      { account: idOf(ana), checked: 2 },
      { account: idOf(ben), checked: 1 },
      { account: 'operator', checked: 1 },
    ]
    expect(accounts).toHaveLength(3)
    for (const outcome of expected) expect(accounts).toContainEqual(expect.objectContaining(outcome))
    expect(idsRead().toSorted()).toEqual([0, 1, 3, 5].map(number => ids()[number]).toSorted())
    const usage = async (client: typeof anas) => JSON.stringify((await client.call('get_usage')).structured)
    expect(await usage(anas)).toContain('"credits_used":2')
    expect(await usage(bens)).toContain('"credits_used":1')
    await anas.close()
    await bens.close()
    await server.close()
  })

  it('are tools with true annotations, in the set "all" alone', async () => {
    const client = await connectInProcess(dir.path, { ...env(), MCP1688_TOOLS: 'all' })
    const tools = await client.listTools()
    const annotationsOf = (name: string) => tools.find(tool => tool.name === name)?.annotations
    expect(annotationsOf('watch_offers')).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      openWorldHint: false,
    })
    expect(annotationsOf('check_watched')).toMatchObject({
      readOnlyHint: false,
      idempotentHint: false,
      openWorldHint: true,
    })
    const added = await client.call('watch_offers', { action: 'add', offer_ids: ids().slice(0, 2) })
    expect(added.text).toContain('watch list: 2 added, 2 of at most 500 watched')
    const read = await client.call('check_watched', { max_credits: 1 })
    expect(read.structured).toMatchObject({ checked: 1, left: 1, credits: { spent: 1 } })
    expect(read.text).toContain('next: Call check_watched again with max_credits: 1')
    await client.close()
    const narrow = await connectInProcess(dir.path, env())
    expect((await narrow.listTools()).map(({ name }) => name)).not.toContain('watch_offers')
    await narrow.close()
  })
})

/**
 * As far as the list and the reply cache can tell. No connection of this process may have the cache open: it would
 * remove the next one's log when it is closed.
 */
function aDayPasses(folder: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(folder, `cache.db${end}`), { force: true })
  const own = connect(path.join(folder, 'own.db'))
  own.exec('UPDATE watched SET checked_at = checked_at - 86400000')
  own.close()
}
