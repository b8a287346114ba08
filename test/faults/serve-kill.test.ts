import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addKey, toolCall } from '../http/service.ts'
import { makeIndexRows } from '../support/index-rows.ts'
import { type ParseServer, startParseServer } from '../support/parse-server.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'
import { type ServeProcess, startServe } from '../support/serve-process.ts'

const CALLS = 8

// Each case starts the built program, some of them twice.
describe('serve, when its process is ended', () => {
  let upstream: ParseServer
  let dir: TempDir
  let key: string
  let server: ServeProcess
  beforeEach(async () => {
    upstream = await startParseServer({ rows: makeIndexRows(60, ['https://cbu01.alicdn.com/img/ibank/one.jpg']) })
    dir = makeTempDir()
    key = (await addKey(dir)).text
    server = await start()
  })
  afterEach(async () => {
    await server.close()
    await upstream.close()
    dir.remove()
  })

  const start = () =>
    startServe(dir.path, {
      MCP1688_PARSE_BASE_URL: upstream.url,
      MCP1688_PARSE_API_KEY: upstream.key,
      MCP1688_TIER: 'developer',
    })
  const details = (n: number) =>
    fetch(`${server.url}/get_product_details?offer_id=${7_000_000_001 + n}`, { headers: { 'x-api-key': key } })
  const overMcp = (n: number) => {
    const { headers, ...rest } = toolCall('get_product_details', { offer_id: String(7_000_000_001 + n) })
    return fetch(`${server.url}/mcp`, { ...rest, headers: { ...headers, 'x-api-key': key } })
  }
  const underWay = () => expect.poll(() => upstream.calls.length, { timeout: 20_000 }).toBe(CALLS)

  it('by SIGTERM: no call that was accepted is lost, and nothing new is taken', async () => {
    const release = upstream.hold()
    const answers = Array.from({ length: CALLS }, (_, n) => (n % 2 ? overMcp(n) : details(n)))
    await underWay()
    server.kill('SIGTERM')
    const isUp = () =>
      fetch(`${server.url}/readyz`).then(
        answer => answer.status === 200,
        () => false,
      )
    await expect.poll(isUp).toBe(false)
    release()
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('测试防晒口罩')
    }
    expect(await server.exited).toBe(0)
  })

  it('by SIGKILL: after a restart each credit that went out is counted once, and none twice', async () => {
    expect((await details(20)).headers.get('x-credits-remaining')).toBe('4999')
    upstream.calls.length = 0
    const release = upstream.hold()
    const answers = Array.from({ length: CALLS }, (_, n) => details(n).catch(() => 'cut'))
    await underWay()
    server.kill('SIGKILL')
    expect(await Promise.all(answers)).toEqual(Array(CALLS).fill('cut'))
    expect(await server.exited).toBe(null)
    release()

    server = await start()
    const kept = await details(20)
    expect(kept.headers.get('x-credits-charged')).toBe('0')
    expect(kept.headers.get('x-credits-remaining')).toBe(String(5_000 - 1 - CALLS))
    const usage = await fetch(`${server.url}/mcp`, {
      ...toolCall('get_usage', {}),
      headers: { ...toolCall('', {}).headers, 'x-api-key': key },
    })
    expect(await usage.text()).toContain(`"credits_left":${5_000 - 1 - CALLS},`)
    expect(upstream.calls).toHaveLength(CALLS)
  })
})
