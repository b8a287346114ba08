/** What clients and people read where a key is missing or wrong, and who is served without any. */
import http from 'node:http'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKeyStore } from '../../../src/keys/sqlite/key-store.ts'
import { connectOverHttp, WIRES } from '../../support/clients.ts'
import { addKey, startService, type TestService, toolCall } from '../service.ts'

const WORDS = 'This server does not use OAuth. Send a valid API key in the X-API-Key header.'

/** Node's fetch sends no Host of the caller's choice. */
function getWith(port: number, headers: Record<string, string | string[]>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const path = '/get_product_details?offer_id=7000000001'
    const request = http.get({ host: '127.0.0.1', port, path, headers }, async response => {
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk)
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
    })
    request.on('error', reject)
  })
}

describe('a server with keys and without OAuth', () => {
  let tested: TestService
  let key: string
  beforeAll(async () => {
    tested = await startService()
    key = (await addKey(tested.dir)).text
  })
  afterAll(() => tested.close())

  it.each([
    '/register',
    '/authorize?response_type=code',
    '/token',
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/mcp',
    '/.well-known/oauth-authorization-server/mcp',
    '/.well-known/openid-configuration',
    '/.well-known/openid-configuration/mcp',
  ])('%s says in the form of OAuth that there is none', async path => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(`${tested.url}${path}`, { method, ...(method === 'POST' && { body: '{}' }) })
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({ error: 'invalid_request', error_description: WORDS })
    }
  })

  it('says the same to GET on /mcp, and to a call without a key or with a wrong one', async () => {
    const get = await fetch(`${tested.url}/mcp`)
    expect([get.status, await get.text()]).toEqual([401, expect.stringContaining(WORDS)])
    const call = toolCall('get_usage', {})
    const noKey = await fetch(`${tested.url}/mcp`, call)
    expect([noKey.status, await noKey.text()]).toEqual([401, expect.stringContaining(WORDS)])
    const headers = { ...call.headers, 'x-api-key': 'm1688_12345678_wrong' }
    const wrongKey = await fetch(`${tested.url}/mcp`, { ...call, headers })
    expect([wrongKey.status, await wrongKey.text()]).toEqual([401, expect.stringContaining(WORDS)])
  })

  it('refuses a wrong key with 401 on /mcp, where clients hide the words of a 403, and with 403 elsewhere', async () => {
    const headers = { 'x-api-key': 'm1688_12345678_wrong' }
    const get = await fetch(`${tested.url}/mcp`, { headers })
    expect([get.status, get.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer realm="mcp-1688", error="invalid_token"',
    ])
    const rest = await fetch(`${tested.url}/get_product_details?offer_id=7000000001`, { headers })
    expect([rest.status, await rest.text()]).toEqual([403, expect.stringContaining(WORDS)])
  })

  it.each([
    ['Authorization: KEY', { authorization: 'KEY' }],
    ['Authorization: Token KEY', { authorization: 'Token KEY' }],
    ['Authorization: bearer "KEY"', { authorization: 'bearer "KEY"' }],
    ['Authorization: Bearer Bearer KEY', { authorization: 'Bearer Bearer KEY' }],
    ['X-API-Key: Bearer KEY', { 'x-api-key': 'Bearer KEY' }],
    ['X-API-Key: <KEY>', { 'x-api-key': '<KEY>' }],
    ['X-API-Key twice', { 'x-api-key': ['KEY', 'KEY'] }],
    ['Authorization: Bearer: KEY', { authorization: 'Bearer: KEY' }],
    ['Authorization: Bearer, a tab, KEY', { authorization: 'Bearer\tKEY' }],
    ['X-API-Key: X-API-Key: KEY', { 'x-api-key': 'X-API-Key: KEY' }],
    ['a placeholder in X-API-Key beside Authorization', { 'x-api-key': 'undefined', authorization: 'Bearer KEY' }],
    ['an empty X-API-Key beside Authorization', { 'x-api-key': '', authorization: 'Bearer KEY' }],
  ])('takes a key from %s', async (_name, headers) => {
    const sent = Object.entries(headers).map(([name, value]) => [
      name,
      [value].flat().map(text => text.replace('KEY', key)),
    ])
    expect(await getWith(tested.port, Object.fromEntries(sent))).toMatchObject({ status: 200 })
  })

  it.each([`\${MCP_KEY}`, 'THE_KEY', 'pmx_1a2b3c4d'])('says of %s that it is no key of this server', async text => {
    const { status, body } = await getWith(tested.port, { 'x-api-key': text })
    expect([status, body]).toEqual([403, expect.stringContaining('Keys of this server begin with m1688_')])
  })

  it.each([
    ['POST', '/', 405],
    ['GET', '/', 406],
    ['GET', '/sse', 404],
    ['POST', '/messages?sessionId=1', 404],
    ['POST', '/MCP', 404],
  ])('tells a client of %s %s where MCP is', async (method, path, status) => {
    const response = await fetch(`${tested.url}${path}`, { method, headers: { accept: 'text/event-stream' } })
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining('is at POST /mcp')])
  })

  it.each(WIRES)('a real client hands on these words for a wrong key (%s)', async wire => {
    const connecting = connectOverHttp(wire, `${tested.url}/mcp`, { 'x-api-key': 'm1688_12345678_wrong' })
    // The newest client keeps the words beside its own message.
    const thrown: unknown = await connecting.catch(error => error)
    expect(inspect(thrown, { breakLength: Number.POSITIVE_INFINITY })).toContain(WORDS)
  })
})

describe('a server without keys', () => {
  it.each([
    ['another Host', { host: 'shop.example.com' }],
    ['Forwarded', { forwarded: 'for=203.0.113.7' }],
    ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.7' }],
    ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
    ['X-Real-IP', { 'x-real-ip': '203.0.113.7' }],
    ['Via', { via: '1.1 proxy' }],
  ])('does not answer a request with %s', async (_what, headers) => {
    const tested = await startService({ config: { allowedHosts: ['shop.example.com'] } })
    const { status, body } = await getWith(tested.port, headers)
    expect([status, body]).toEqual([403, expect.stringContaining('directly from its own computer')])
    expect(await getWith(tested.port, { host: `localhost:${tested.port}` })).toMatchObject({ status: 200 })
    await tested.close()
  })

  it('does not start where keys were lost, and opens nothing if they are lost while it runs', async () => {
    const tested = await startService()
    await addKey(tested.dir)
    expect((await getWith(tested.port, {})).status).toBe(401)
    const { DatabaseSync } = await import('@photostructure/sqlite')
    const database = new DatabaseSync(`${tested.dir.path}/keys.db`)
    database.exec('DELETE FROM keys')
    database.close()
    expect((await getWith(tested.port, {})).status).toBe(401)
    await tested.service.close()

    await expect(startService({ dir: tested.dir })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('refusing to serve'),
      hint: expect.stringContaining('keys.pepper'),
    })
    const store = openKeyStore({ dataDir: tested.dir.path, now: Date.now })
    await store.add({ name: 'Ana', tier: 'free', expiresAt: null })
    await store.close()
    const again = await startService({ dir: tested.dir })
    expect(await again.service.isOpen()).toBe(false)
    await again.close()
  })
})
