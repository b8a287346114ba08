import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectOverStdio, type TestClient } from '../support/clients.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { makeListings } from '../support/listings.ts'
import { environmentOf, type StandIns } from '../support/live-upstreams.ts'
import { startOpen1688Gateway } from '../support/open1688-gateway.ts'
import { startParseServer } from '../support/parse-server.ts'
import { DEMO_PHOTO, dataUrl } from '../support/pictures.ts'
import { makeTempDir, runProgram, serverCommand, type TempDir } from '../support/program.ts'
import { startServe } from '../support/serve-process.ts'
import { startTmapiServer } from '../support/tmapi-server.ts'

/** In every secret of the settings, and in every token that a stand-in gives out. */
const CANARY = 'canary'
const OFFER = '610000000001'
const PARSE_OFFER = '7000000001'
/** Of the file and its copies. */
const TOKEN_FILE = 'open1688-tokens.'
/** A picture that the guard refuses, so that nothing is fetched for the catalogue. */
const PICTURE = 'http://127.0.0.1:1/offer.jpg'
const LISTINGS = makeListings(45).map(listing => ({ ...listing, picture: PICTURE }))
/** What an upstream says that repeats what it was sent. */
const ECHO = 'secret-canary access-canary-1 refresh-canary-1 token-canary pmx_canary_0001'

interface World extends StandIns {
  dir: TempDir
  /** The key of an HTTP caller. */
  callerKey: string
  env: Record<string, string>
}

let world: World
/** All that the program wrote, by where. */
const written: [where: string, text: string][] = []

beforeAll(async () => {
  world = await createWorld()
  await overStdio('open1688', async client => {
    // A token that is refused, so that it is renewed.
    world.open1688.accessTokens.clear()
    await keepReplies(client, OFFER)
    for (const body of [`<html>${ECHO}`, { error_code: 'gw.New', error_message: ECHO }, { result: { result: ECHO } }]) {
      world.open1688.answerNext('product.search.queryProductDetail', { status: 200, body })
      await keepReply(client, 'get_product_details', { offer_id: '610000000009' })
    }
    world.open1688.answerNext('getToken', { status: 400, body: { error: 'invalid_grant', error_description: ECHO } })
    world.open1688.accessTokens.clear()
    await keepReply(client, 'get_product_details', { offer_id: '610000000010' })
  })
  await overStdio('tmapi', async client => {
    await keepReplies(client, OFFER)
    for (const body of [`<html>${ECHO}`, { code: 418, msg: ECHO }, { code: 439, msg: ECHO }]) {
      world.tmapi.answerNext({ status: 200, body })
      await keepReply(client, 'get_product_details', { offer_id: '610000000009' })
    }
  })
  await overStdio('parse', async client => {
    await keepReplies(client, PARSE_OFFER)
    for (const status of [400, 401, 502]) {
      world.parse.failNext({ kind: 'status', status, body: { error: { message: ECHO, snippet: ECHO } } })
      await keepReply(client, 'get_product_details', { offer_id: '7000000009' })
    }
  })
  await onCommandLine()
  await overHttp()
}, 120_000)

afterAll(async () => {
  await Promise.all([world?.open1688.close(), world?.tmapi.close(), world?.parse.close()])
  world?.dir.remove()
})

describe('secrets, tokens and signatures', () => {
  it('were used, each of them', () => {
    const { open1688, tmapi, parse } = world
    const fields = open1688.calls.map(call => call.fields)
    expect(fields.some(({ access_token }) => access_token === 'access-canary-1')).toBe(true)
    expect(fields.some(({ refresh_token }) => refresh_token === 'refresh-canary-1')).toBe(true)
    expect(fields.some(({ client_secret }) => client_secret === 'secret-canary')).toBe(true)
    expect(signatures().length).toBeGreaterThan(5)
    for (const api of ['product.image.upload', 'product.search.imageQuery', 'product.search.keywordQuery']) {
      expect(open1688.count(api), api).toBeGreaterThan(0)
    }
    expect(tmapi.calls.some(({ query }) => query.apiToken === 'token-canary')).toBe(true)
    expect(parse.calls.some(({ status }) => status === 200)).toBe(true)
    expect(written.filter(([, text]) => text.includes('示例')).length).toBeGreaterThan(3)
    expect(written.filter(([, text]) => text.includes('code: ')).length).toBeGreaterThan(8)
  })

  it('are in no reply, no log and no metric', () => {
    const secrets = [CANARY, world.callerKey, ...signatures()]
    expect(written.filter(([, text]) => secrets.some(secret => text.includes(secret)))).toEqual([])
  })

  it('are in no file but that of the tokens, which only its owner can read', async () => {
    const secrets = [CANARY, world.callerKey, ...signatures()]
    const names = await readdir(world.dir.path, { recursive: true })
    const holders: string[] = []
    for (const name of names) {
      const file = path.join(world.dir.path, name)
      const facts = await stat(file)
      if (!facts.isFile()) continue
      const bytes = await readFile(file)
      if (secrets.some(secret => bytes.includes(secret))) holders.push(name)
      if (name.startsWith(TOKEN_FILE)) expect(facts.mode & 0o777, name).toBe(0o600)
    }
    expect(names.some(name => name.startsWith('cache.db'))).toBe(true)
    expect(holders.filter(name => !name.startsWith(TOKEN_FILE))).toEqual([])
    const newest = [...world.open1688.refreshTokens].at(-1) ?? 'none'
    const kept = await Promise.all(
      names.filter(name => name.startsWith(TOKEN_FILE)).map(name => readFile(path.join(world.dir.path, name))),
    )
    expect(Buffer.concat(kept).includes(newest)).toBe(true)
  })
})

async function createWorld(): Promise<World> {
  const dir = makeTempDir()
  const open1688 = await startOpen1688Gateway({ listings: LISTINGS })
  const tmapi = await startTmapiServer({ listings: LISTINGS })
  const parse = await startParseServer({ rows: makeIndexRows(60, [PICTURE]), key: 'pmx_canary_0001' })
  const { stdout } = await runProgram(['keys', 'add', '--name', 'tester', '--allow', 'metrics', '--json'], dir.path)
  const env = { ...environmentOf({ open1688, tmapi, parse }), MCP1688_LOG_LEVEL: 'debug' }
  return { open1688, tmapi, parse, dir, callerKey: JSON.parse(stdout).key, env }
}

/** A server over stdio on one upstream; what it logs goes to a file outside of the data folder. */
async function overStdio(upstream: string, work: (client: TestClient) => Promise<void>): Promise<void> {
  const outDir = makeTempDir()
  const log = path.join(outDir.path, 'stderr')
  const { command, args, env } = serverCommand(world.dir.path, { ...world.env, MCP1688_UPSTREAM: upstream, LOG: log })
  const client = await connectOverStdio('v2 client, 2026 wire', {
    command: '/bin/sh',
    args: ['-c', 'exec "$0" "$@" 2>"$LOG"', command, ...args],
    env,
  })
  await work(client)
  await client.close()
  written.push([`log of ${upstream}`, await readFile(log, 'utf8')])
  outDir.remove()
}

/** Calls that go well, and some that do not. */
async function keepReplies(client: TestClient, offerId: string): Promise<void> {
  await keepReply(client, 'get_product_details', { offer_id: offerId })
  await keepReply(client, 'get_product_details', { offer_id: '7999999999' })
  await keepReply(client, 'search_by_image', { image_url: dataUrl(DEMO_PHOTO) })
  await keepReply(client, 'search_by_keyword', { keyword: '马克杯' })
  await keepReply(client, 'get_usage', {})
}

async function keepReply(client: TestClient, tool: string, input: Record<string, unknown>): Promise<void> {
  const reply = await client.call(tool, input).catch(error => String(error))
  written.push([`reply of ${tool}`, typeof reply === 'string' ? reply : `${reply.text}\n${JSON.stringify(reply)}`])
}

/** The command line, with settings that are right, wrong, and lead nowhere. */
async function onCommandLine(): Promise<void> {
  const runs: [string, Record<string, string>][] = [
    ['open1688', {}],
    ['open1688', { MCP1688_OPEN1688_APP_SECRET: 'wrong-canary' }],
    ['open1688', { MCP1688_OPEN1688_BASE_URL: 'http://127.0.0.1:1/openapi' }],
    ['tmapi', { MCP1688_TMAPI_TOKEN: 'wrong-canary' }],
    ['tmapi', { MCP1688_TMAPI_BASE_URL: 'http://127.0.0.1:1' }],
    ['parse', { MCP1688_PARSE_API_KEY: 'pmx_wrong_canary' }],
  ]
  for (const [upstream, change] of runs) {
    const env = { ...world.env, MCP1688_UPSTREAM: upstream, ...change }
    const { stdout, stderr } = await runProgram(['details', '610000000011'], world.dir.path, env)
    written.push([`details of ${upstream}`, stdout + stderr])
  }
}

/** HTTP with an API key, a wrong one and none; then the metrics. */
async function overHttp(): Promise<void> {
  const server = await startServe(world.dir.path, { ...world.env, MCP1688_UPSTREAM: 'open1688' })
  const ask = async (route: string, key: string | null) => {
    const headers = key === null ? {} : { authorization: `Bearer ${key}` }
    const response = await fetch(`${server.url}${route}`, { headers })
    written.push([`HTTP ${route}`, (await response.text()) + JSON.stringify([...response.headers])])
    return response.status
  }
  expect(await ask(`/get_product_details?offer_id=${OFFER}`, world.callerKey)).toBe(200)
  world.open1688.answerNext('product.search.queryProductDetail', { status: 200, body: ECHO })
  expect(await ask('/get_product_details?offer_id=610000000012', world.callerKey)).toBe(502)
  expect(await ask(`/get_product_details?offer_id=${OFFER}`, 'wrong-canary')).toBe(403)
  expect(await ask('/metrics', world.callerKey)).toBe(200)
  await server.close()
  written.push(['log of serve', server.stderr()])
}

function signatures(): string[] {
  return world.open1688.calls.map(({ fields }) => fields._aop_signature).filter(signature => signature !== undefined)
}
