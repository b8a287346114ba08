import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { openKeyStore } from '../../src/keys/sqlite/key-store.ts'
import { PARSE_TIERS } from '../../src/limits/ledger/allowance.ts'
import { connectOverHttp, WIRES } from '../support/clients.ts'
import { addKey, startService, type TestService, toolCall } from './service.ts'

const FREE = PARSE_TIERS.free

describe('keys', () => {
  let tested: TestService
  beforeAll(async () => {
    tested = await startService()
  })
  afterAll(() => tested.close())
  beforeEach(() => {
    tested.services.cost = 1
    tested.services.reserve = null
    tested.services.failure = null
  })

  const details = (headers: Record<string, string>) =>
    fetch(`${tested.url}/get_product_details?offer_id=7000000001`, { headers })
  const withKey = (text: string) => details({ 'x-api-key': text })

  it('calls from this machine need no key until the first one is created', async () => {
    const home = async () => (await fetch(`${tested.url}/`)).text()
    expect(await tested.service.isOpen()).toBe(true)
    expect((await details({})).status).toBe(200)
    expect(await home()).toContain('need no key')
    await addKey(tested.dir)
    expect(await home()).toContain('Each person needs a key')
    const answer = await details({})
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="mcp-1688"')
    expect((await fetch(`${tested.url}/mcp`, toolCall('get_usage', {}))).status).toBe(401)
    expect((await fetch(`${tested.url}/metrics`)).status).toBe(401)
    for (const path of ['/healthz', '/readyz', '/docs', '/openapi.json'])
      expect((await fetch(`${tested.url}${path}`)).status, path).toBe(200)
  })

  it('are accepted as X-API-Key and as bearer tokens, over REST and every MCP wire', async () => {
    const { text } = await addKey(tested.dir)
    expect((await withKey(text)).status).toBe(200)
    expect((await details({ authorization: `Bearer ${text}` })).status).toBe(200)
    for (const wire of WIRES) {
      const client = await connectOverHttp(wire, `${tested.url}/mcp`, { authorization: `Bearer ${text}` })
      expect((await client.call('get_product_details', { offer_id: '7000000001' })).isError, wire).toBe(false)
      await client.close()
    }
  })

  it('/metrics needs the right, which can be given and taken back', async () => {
    const { key, text } = await addKey(tested.dir, { rights: ['import'] })
    const metrics = () => fetch(`${tested.url}/metrics`, { headers: { 'x-api-key': text } })
    const refused = await metrics()
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ error: expect.objectContaining({ status: 'not_allowed' }) }),
    ])
    const store = openKeyStore({ dataDir: tested.dir.path, now: Date.now })
    await store.allow(key.id, ['metrics'])
    expect((await metrics()).status).toBe(200)
    await store.allow(key.id, [])
    expect((await metrics()).status).toBe(403)
    await store.close()
  })

  it('an unknown, expired, revoked or rotated key: 403 and what to do', async () => {
    const expired = await addKey(tested.dir, { expiresAt: Date.now() - 1 })
    const [revoked, rotated] = [await addKey(tested.dir), await addKey(tested.dir)]
    const store = openKeyStore({ dataDir: tested.dir.path, now: Date.now })
    await store.revoke(revoked.key.id)
    const fresh = await store.rotate(rotated.key.id)
    await store.close()
    const bad = { unknown: `${fresh.text}x`, expired: expired.text, revoked: revoked.text, rotated: rotated.text }
    for (const [what, text] of Object.entries(bad)) {
      const answer = await withKey(text)
      expect(answer.status, what).toBe(403)
      const error = {
        status: 'key_rejected',
        hint: expect.stringContaining('Send a valid API key in the X-API-Key header.'),
      }
      expect(await answer.json(), what).toMatchObject({ error })
    }
    expect((await withKey(fresh.text)).status).toBe(200)
    expect(tested.log.join('')).not.toContain(fresh.text)
  })

  it('over the rate limit: 429 with Retry-After and the RateLimit headers; other keys are not affected', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    for (let call = 1; call <= FREE.callsPerMinute; call++) {
      const answer = await withKey(text)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit-policy')).toBe('"minute";q=5;w=60, "month";q=100;w=2592000')
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"minute";r=${FREE.callsPerMinute - call};t=\\d+, `))
    }
    const refused = await withKey(text)
    expect(refused.status).toBe(429)
    const retryAfter = Number(refused.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThan(50)
    expect(retryAfter).toBeLessThanOrEqual(61)
    expect(refused.headers.get('ratelimit')).toMatch(/^"minute";r=0;t=[56]\d, "month";r=95;/)
    expect(refused.headers.get('ratelimit-policy')).toContain('"minute";q=5;w=60')
    expect(refused.headers.get('x-credits-charged')).toBe('0')
    expect(refused.headers.get('x-credits-remaining')).toBe('95')
    // Unlike at an upstream's limit, not even cached answers are given.
    const hint = 'Call again then. Every call counts towards the rate, even one answered from the cache.'
    expect(await refused.json()).toMatchObject({ status_code: 429, error: { retry_after: retryAfter, hint } })
    expect((await withKey((await addKey(tested.dir)).text)).status).toBe(200)
  })

  it('a cached answer counts towards the rate and costs no credits', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    expect((await withKey(text)).headers.get('x-credits-remaining')).toBe('99')
    tested.services.cost = 0
    const cached = await withKey(text)
    expect(cached.headers.get('x-credits-charged')).toBe('0')
    expect(cached.headers.get('x-credits-remaining')).toBe('99')
    expect(cached.headers.get('ratelimit')).toContain('"minute";r=3;')
  })

  it('out of credits: 402 with the time when more become available', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    tested.services.cost = FREE.creditsPerMonth
    expect((await withKey(text)).headers.get('x-credits-remaining')).toBe('0')
    const refused = await withKey(text)
    expect(refused.status).toBe(402)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(29 * 86_400)
    const message = expect.stringMatching(/come back on \d{4}-\d\d-\d\d \d\d:\d\d UTC/)
    expect(await refused.json()).toMatchObject({ error: { status: 'credits_exhausted', message } })
    const overMcp = await fetch(`${tested.url}/mcp`, {
      ...toolCall('get_product_details', { offer_id: '7000000001' }),
      headers: { ...toolCall('', {}).headers, 'x-api-key': text },
    })
    expect(await overMcp.text()).toContain('code: credits_exhausted')
    tested.services.cost = 0
    const cached = await withKey(text)
    expect(cached.status).toBe(200)
    expect(cached.headers.get('x-credits-remaining')).toBe('0')
  })

  it('a call is never charged more than it reserved, so credits cannot be overdrawn', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    tested.services.cost = 3
    tested.services.reserve = 1
    const answer = await withKey(text)
    expect(answer.headers.get('x-credits-charged')).toBe('1')
    expect(answer.headers.get('x-credits-remaining')).toBe('99')
    tested.services.failure = new AppError({
      code: 'upstream_unavailable',
      message: 'No.',
      hint: 'Wait.',
      creditsSpent: 2,
    })
    const failed = await withKey(text)
    expect(failed.status).toBe(503)
    expect(failed.headers.get('x-credits-charged')).toBe('1')
    expect(failed.headers.get('x-credits-remaining')).toBe('98')
  })

  it('a comparison that costs more credits than are left is refused before any upstream call', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    const compare = async (input: object): Promise<string> => {
      const call = toolCall('compare_products', { offer_ids: ['7000000001', '7000000002'], ...input })
      const answer = await fetch(`${tested.url}/mcp`, { ...call, headers: { ...call.headers, 'x-api-key': text } })
      return answer.text()
    }
    tested.services.cost = FREE.creditsPerMonth + 1
    const begun = tested.services.begun
    expect(await compare({})).toContain('code: credits_exhausted')
    expect(await compare({ dry_run: true })).not.toContain('isError')
    expect(tested.services.begun).toBe(begun)
    tested.services.cost = 2
    expect(await compare({})).not.toContain('isError')
    const usage = (await withKey(text)).headers.get('x-credits-remaining')
    expect(usage).toBe('96')
  })

  it('a caller that disconnects during an upstream call is charged, because the answer is cached', async () => {
    const { text } = await addKey(tested.dir, { tier: 'hobby' })
    const release = tested.services.hold()
    const abandoned = tested.services.abandoned
    const gone = new AbortController()
    const left = fetch(`${tested.url}/get_product_details?offer_id=7000000001`, {
      headers: { 'x-api-key': text },
      signal: gone.signal,
    })
    const begun = tested.services.begun
    await expect.poll(() => tested.services.begun).toBe(begun + 1)
    gone.abort()
    await expect(left).rejects.toThrow()
    await expect.poll(() => tested.services.abandoned).toBe(abandoned + 1)
    release()
    tested.services.cost = 0
    expect((await withKey(text)).headers.get('x-credits-remaining')).toBe('999')
  })

  it('a failed call that cost nothing releases its reserved credit', async () => {
    const { text } = await addKey(tested.dir, { tier: 'hobby' })
    const answer = await fetch(`${tested.url}/get_product_details?offer_id=7000000009`, {
      headers: { 'x-api-key': text },
    })
    expect(answer.status).toBe(422)
    expect(answer.headers.get('x-credits-remaining')).toBe('1000')
  })

  it('limits survive a restart', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    for (let call = 0; call < FREE.callsPerMinute; call++) await withKey(text)
    await tested.service.close()
    const again = await startService({ dir: tested.dir, services: tested.services })
    const answer = await fetch(`${again.url}/get_product_details?offer_id=7000000001`, {
      headers: { 'x-api-key': text },
    })
    expect(answer.status).toBe(429)
    await again.service.close()
    tested = await startService({ dir: tested.dir, services: tested.services })
  })

  it('refused input counts against the rate, and too much work is refused before it is read', async () => {
    const { text } = await addKey(tested.dir, { tier: 'free' })
    const call = toolCall('get_product_details', { offer_id: '7000000001' })
    const post = async (body: string) => {
      const answer = await fetch(`${tested.url}/mcp`, {
        ...call,
        body,
        headers: { ...call.headers, 'x-api-key': text },
      })
      return { status: answer.status, text: await answer.text() }
    }
    const hostile = `[${'['.repeat(40)}`
    const statuses: number[] = []
    for (let attempt = 0; attempt < 7; attempt++) statuses.push((await post(hostile)).status)
    expect(statuses).toEqual([413, 413, 413, 413, 413, 429, 429])
    expect((await post(call.body)).text).toContain('rate_limited')
    // 20 ms for each: after 2 s of work the caller waits.
    const flood = async () => Promise.all(Array.from({ length: 32 }, () => post(hostile)))
    await expect.poll(async () => (await flood()).some(({ text: body }) => body.includes('processor time'))).toBe(true)
  })

  it('an address that guesses keys is refused for a while, but not its valid keys, and guesses are not logged', async () => {
    const { text } = await addKey(tested.dir)
    const statuses: number[] = []
    for (let guess = 0; guess < 25; guess++) statuses.push((await withKey(`m1688_guess_${guess}`)).status)
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(403))
    expect(statuses.slice(20)).toEqual(Array(5).fill(429))
    const throttled = await withKey('m1688_guess_25')
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await withKey(text)).status).toBe(200)
    expect(tested.log.join('')).not.toContain('m1688_guess')
  })
})

describe('serving other machines', () => {
  it('is refused without a key', async () => {
    const refusal = (how: string) => ({ code: 'config_invalid', message: `Refusing to ${how} without API keys.` })
    await expect(startService({ config: { host: '0.0.0.0' } })).rejects.toMatchObject(refusal('listen on 0.0.0.0'))
    await expect(startService({ config: { trustProxy: 'on' } })).rejects.toMatchObject(refusal('serve behind a proxy'))
  })

  it('behind a proxy, guesses are counted by the address that the proxy saw', async () => {
    const probe = await startService()
    await addKey(probe.dir)
    await probe.service.close()
    const tested = await startService({ dir: probe.dir, config: { trustProxy: 'on' } })
    const guess = (from: string) =>
      fetch(`${tested.url}/metrics`, { headers: { 'x-api-key': 'm1688_wrong', 'x-forwarded-for': from } })
    for (let n = 0; n < 20; n++) await guess(`10.9.9.${n}, 203.0.113.7`)
    expect((await guess('10.1.1.1, 203.0.113.7')).status).toBe(429)
    expect((await guess('203.0.113.7, 203.0.113.8')).status).toBe(403)
    expect(tested.log.some(line => line.includes('"from":"203.0.113.8"'))).toBe(true)
    await tested.close()
  })
})
