/** What becomes of calls when the host closes stdin or ends the server. */
import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawnPicture } from '../support/drawn-pictures.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { DEMO_PHOTO } from '../support/pictures.ts'
import { makeTempDir, serverCommand } from '../support/program.ts'

const dir = makeTempDir()
const SLOW_PICTURE = path.join(dir.path, 'slow.png')
const ROWS = makeIndexRows(2, [''])
let parse: ParseServer

beforeAll(async () => {
  // Interlaced pixels and a slow filter: seconds of work.
  const slow = await drawnPicture().resize(6_300, 6_300, { kernel: 'nearest', fit: 'fill' }).png({ progressive: true })
  writeFileSync(SLOW_PICTURE, await slow.toBuffer())
  parse = await startParseServer({ rows: ROWS })
})
afterAll(async () => {
  await parse.close()
  dir.remove()
})

const INITIALIZE = {
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}
const call = (name: string, args: object) => ({ method: 'tools/call', params: { name, arguments: args } })

/** Requests are numbered from 1. */
function start(requests: readonly object[], env: Record<string, string> = {}) {
  const command = serverCommand(makeTempDir().path, env)
  const child = spawn(command.command, command.args, { env: command.env, stdio: ['pipe', 'pipe', 'ignore'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', text => {
    output += text
  })
  const exited = new Promise<void>(resolve => child.once('close', () => resolve()))
  for (const [at, request] of requests.entries()) {
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: at + 1, ...request })}\n`)
  }
  return {
    child,
    answered: () => output.split('\n').flatMap(line => /"id":(\d+)/.exec(line)?.[1] ?? []),
    output: () => output,
    timeToExit: async (end: () => void) => {
      const startedAt = performance.now()
      end()
      await exited
      return performance.now() - startedAt
    },
  }
}

describe('at the end of stdin, the server', () => {
  it('ends within 2 s if nothing is under way', async () => {
    const { child, answered, timeToExit } = start([INITIALIZE])
    await expect.poll(answered, { timeout: 10_000 }).toEqual(['1'])
    expect(await timeToExit(() => child.stdin.end())).toBeLessThan(2_000)
  })

  it('answers everything that it has read', async () => {
    const { child, answered, timeToExit } = start([INITIALIZE, call('get_usage', {}), { method: 'tools/list' }])
    await timeToExit(() => child.stdin.end())
    expect(answered().sort()).toEqual(['1', '2', '3'])
  })

  it('stops decoding, answers its call with an error and ends within 2 s', async () => {
    const { child, answered, output, timeToExit } = start([
      INITIALIZE,
      call('search_by_image', { image_url: DEMO_PHOTO }),
    ])
    await expect.poll(answered, { timeout: 20_000 }).toEqual(['1', '2'])
    // More work than two processes can do in the time that is left.
    const slow = Array.from({ length: 12 }, (_, at) => at + 3)
    for (const id of slow) {
      const request = { jsonrpc: '2.0', id, ...call('search_by_image', { image_url: SLOW_PICTURE }) }
      child.stdin.write(`${JSON.stringify(request)}\n`)
    }
    await sleep(500)
    expect(await timeToExit(() => child.stdin.end())).toBeLessThan(2_000)
    expect(
      answered()
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual([1, 2, ...slow])
    // One that was decoded in time may be answered after those that were stopped.
    expect(output().match(/"isError":true/g)?.length ?? 0).toBeGreaterThan(1)
  }, 40_000)

  it('answers a call that waits for an upstream', async () => {
    const release = parse.hold()
    const env = { MCP1688_PARSE_API_KEY: parse.key, MCP1688_PARSE_BASE_URL: parse.url, MCP1688_UPSTREAM: 'parse' }
    const { child, answered, output, timeToExit } = start(
      [INITIALIZE, call('get_product_details', { offer_id: ROWS[0]?.offer_id })],
      env,
    )
    await expect.poll(() => parse.calls.length, { timeout: 20_000 }).toBeGreaterThan(0)
    setTimeout(release, 2_500)
    expect(await timeToExit(() => child.stdin.end())).toBeGreaterThan(2_000)
    expect(answered()).toEqual(['1', '2'])
    expect(output()).not.toContain('"isError":true')
  }, 40_000)
})

it('SIGTERM ends it within 2 s while a picture is decoded', async () => {
  const { child, answered, timeToExit } = start([INITIALIZE, call('search_by_image', { image_url: SLOW_PICTURE })])
  await expect.poll(answered, { timeout: 10_000 }).toEqual(['1'])
  await sleep(800)
  expect(await timeToExit(() => child.kill('SIGTERM'))).toBeLessThan(2_000)
}, 40_000)
