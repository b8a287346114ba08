import net from 'node:net'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { addKey, connectRaw, firstLine, startService, type TestService, toolCall } from './service.ts'

const KIB = 1024

const call = toolCall('get_product_details', { offer_id: '7000000001' })

describe('attacks', () => {
  let tested: TestService
  beforeAll(async () => {
    const limits = {
      headersTimeout: 300,
      requestTimeout: 500,
      keepAliveTimeout: 300,
      timeout: 800,
      connectionsCheckingInterval: 50,
    }
    tested = await startService({ limits })
  })
  afterAll(() => tested.close())

  const raw = (text: string) => firstLine(tested.port, text)
  const isAlive = async () => expect((await fetch(`${tested.url}/mcp`, call)).status).toBe(200)

  it('a foreign Host, as after DNS rebinding: 403, on every path', async () => {
    for (const path of ['/mcp', '/healthz', '/docs', '/search_by_image', '/nothing']) {
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: evil.example:1688\r\nConnection: close\r\n\r\n`)).toContain(
        ' 403 ',
      )
    }
  })

  it('no Host, or two of them: 400', async () => {
    expect(await raw('GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain(' 400 ')
    const both = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n'
    expect(await raw(both)).toContain(' 400 ')
  })

  it('a foreign Origin: 403, and no CORS header', async () => {
    const answer = await fetch(`${tested.url}/mcp`, {
      ...call,
      headers: { ...call.headers, origin: 'https://evil.example' },
    })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('a request of another site without an Origin, as for a picture: 403, except for public pages', async () => {
    const fromPage = (path: string, site: string) =>
      fetch(`${tested.url}${path}`, { headers: { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' } })
    const begun = tested.services.begun
    for (const path of ['/get_product_details?offer_id=7000000001', '/search_by_image?image_url=x', '/metrics', '/mcp'])
      expect((await fromPage(path, 'cross-site')).status, path).toBe(403)
    expect(tested.services.begun).toBe(begun)
    expect((await fromPage('/docs', 'cross-site')).status).toBe(200)
    for (const site of ['none', 'same-origin', 'same-site'])
      expect((await fromPage('/get_product_details?offer_id=7000000001', site)).status, site).toBe(200)
  })

  it('bodies over the limit: 413, with or without a Content-Length', async () => {
    const big = (bytes: number) => `{"x":"${'a'.repeat(bytes)}"}`
    const post = (path: string, bytes: number) =>
      raw(
        `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`,
      )
    expect(await post('/mcp', 16 * KIB * KIB + 1)).toContain(' 413 ')
    for (const [method, path] of ['GET /docs', 'GET /search_by_image', 'PUT /docs', 'POST /nothing'].map(line =>
      line.split(' '),
    )) {
      for (const length of [`Content-Length: ${64 * KIB + 1}`, 'Transfer-Encoding: chunked'])
        expect(await raw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${length}\r\n\r\n`), path).toContain(' 413 ')
    }
    const chunked = connectRaw(tested.port)
    chunked.send(
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const chunk = 'a'.repeat(512 * KIB)
    for (let sent = 0; sent < 2; sent++) chunked.send(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    expect(await chunked.closed).toContain(' 413 ')
    expect((await fetch(`${tested.url}/mcp`, { ...call, body: big(257 * KIB) })).status).toBe(413)
    expect((await fetch(`${tested.url}/mcp`, { ...call, body: big(255 * KIB) })).status).toBe(400)
    await isAlive()
  })

  it('a body of some megabytes is only read for a tool that takes a picture, by its header or the first 256 KiB', async () => {
    const picture = `data:image/png;base64,${'A'.repeat(3 * KIB * KIB)}`
    // Megabytes may take longer than the limits of the other attacks.
    const patient = await startService()
    onTestFinished(() => patient.close())
    const statusOf = async (init: RequestInit, headers: Record<string, string> = {}) => {
      return (await fetch(`${patient.url}/mcp`, { ...init, headers: { ...call.headers, ...headers } })).status
    }
    const bodyOf = (name: string, params: object) => ({
      method: 'POST',
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, name } }),
    })
    const args = { arguments: { image_url: picture } }
    expect(await statusOf(toolCall('search_by_image', { image_url: picture }))).toBe(200)
    const [page, location, sort, seller] = [picture, picture, picture, picture]
    expect(await statusOf(toolCall('search_by_image', { image_url: picture, page, location, sort, seller }))).toBe(413)
    expect(await statusOf(toolCall('get_product_details', { offer_id: picture }))).toBe(413)
    // The name follows the picture, so only the header announces it; and a header that is wrong does not help.
    expect(await statusOf(bodyOf('search_by_image', args))).toBe(413)
    expect(await statusOf(bodyOf('search_by_image', args), { 'mcp-name': 'search_by_image' })).toBe(200)
    expect(await statusOf(bodyOf('get_product_details', args), { 'mcp-name': 'search_by_image' })).toBe(413)
    expect((await fetch(`${patient.url}/mcp`, call)).status).toBe(200)
  })

  it.each([
    ['14,000 keys', `{${Array.from({ length: 14_000 }, (_, index) => `"k${index}":${index % 10}`)}}`],
    ['arrays nested 100,000 deep', '['.repeat(100_000)],
    ['100,000 values', `[${'0,'.repeat(100_000)}0]`],
  ])('JSON that takes long to parse: 413 (%s)', async (_case, body) => {
    expect((await fetch(`${tested.url}/mcp`, { ...call, body })).status).toBe(413)
  })

  it.each([9_000, 1_100_000])('the URI of a resource with %i characters: 400', async length => {
    const message = {
      jsonrpc: '2.0',
      id: 1,
      method: 'resources/read',
      params: { uri: `mcp-1688://offers/${'1'.repeat(length)}` },
    }
    expect((await fetch(`${tested.url}/mcp`, { ...call, body: JSON.stringify(message) })).status).toBe(400)
  })

  it('slow headers, a slow body and silence: closed in time', async () => {
    const startedAt = performance.now()
    const slow = [
      'GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
      'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n',
      '',
    ].map(text => {
      const connection = connectRaw(tested.port)
      if (text !== '') connection.send(text)
      return connection
    })
    const answers = await Promise.all(slow.map(connection => connection.closed))
    expect(answers.slice(0, 3).map(answer => answer.split('\r\n')[0])).toEqual(
      Array(3).fill('HTTP/1.1 408 Request Timeout'),
    )
    // Node's own limits are a minute and more.
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    await isAlive()
  })

  it('a client that does not read: closed in time', async () => {
    const isCut = () => tested.log.some(line => line.includes('"route":"/openapi.json","status":499'))
    expect(isCut()).toBe(false)
    const reader = net.connect(tested.port, '127.0.0.1').pause()
    reader.on('error', () => undefined).write('GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(1_000))
    await expect.poll(isCut, { timeout: 20_000 }).toBe(true)
    reader.destroy()
  })

  it('300 idle connections: closed in time, and other callers are served meanwhile', async () => {
    const idle = Array.from({ length: 300 }, () => connectRaw(tested.port))
    await isAlive()
    await Promise.all(idle.map(connection => connection.closed))
  })

  it('too many or too long headers: 431', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `X-${index}: ${'a'.repeat(20)}\r\n`).join('')
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: localhost\r\n${many}\r\n`)).toContain(' 431 ')
    expect(await raw(`GET /healthz?${'a'.repeat(20 * KIB)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toContain(' 431 ')
  })

  it.each([
    ['CL and TE', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n'],
    ['two CL', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde'],
    ['TE twice', 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
    ['an obscured TE', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a negative CL', 'Content-Length: -1\r\n\r\n'],
    ['a folded header', 'X-A: b\r\n c: d\r\nContent-Length : 3\r\n\r\nabc'],
    ['a bare LF', 'Content-Length: 3\nX: y\r\n\r\nabc'],
  ])('request smuggling with %s: 400', async (_name, rest) => {
    const first = await raw(`POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${rest}`)
    expect(first).toContain(' 400 ')
  })

  it.each([
    '/x//mcp',
    '/mcp//',
    '/%6dcp',
    '/x/../mcp',
    '/./mcp',
    '/mcp;a',
    '/MCP',
    '/mcp%00',
    '/..%2fetc/passwd',
    '/\\mcp',
  ])('the path %s: 404 or 400', async path => {
    const line = await raw(`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
    expect(line).toMatch(/ 40[04] /)
  })

  it('other methods, including TRACE and CONNECT: refused', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'GET', 'OPTIONS']) {
      expect(await raw(`${method} /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`), method).toContain(
        ' 405 ',
      )
    }
    expect(await raw('CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toContain(' 200 ')
  })

  it('a body that is not JSON, or not declared as JSON: 400 and 415', async () => {
    expect((await fetch(`${tested.url}/mcp`, { ...call, body: '{' })).status).toBe(400)
    expect((await fetch(`${tested.url}/mcp`, { method: 'POST', body: call.body })).status).toBe(415)
    const bodyOf = (id: number) => JSON.stringify({ ...JSON.parse(call.body), id })
    const batchOf = (count: number) =>
      fetch(`${tested.url}/mcp`, { ...call, body: `[${Array.from({ length: count }, (_, id) => bodyOf(id))}]` })
    expect((await batchOf(10)).status).toBe(200)
    for (const count of [0, 11]) expect((await batchOf(count)).status, `${count}`).toBe(400)
    await isAlive()
  })

  it('an argument with a name of 4 MB: refused quickly', async () => {
    const startedAt = performance.now()
    const answer = await fetch(`${tested.url}/mcp`, toolCall('search_by_image', { ['a'.repeat(4_000_000)]: 1 }))
    expect(await answer.text()).toContain('code: invalid_input')
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  it('a client that disconnects during a call: the call is cancelled', async () => {
    const release = tested.services.hold()
    const begun = tested.services.begun
    const leaving = new AbortController()
    const answer = fetch(`${tested.url}/mcp`, { ...call, signal: leaving.signal }).catch(error => error.name)
    await expect.poll(() => tested.services.begun).toBe(begun + 1)
    leaving.abort()
    expect(await answer).toBe('AbortError')
    await expect.poll(() => tested.services.abandoned).toBe(1)
    await expect.poll(() => tested.log.some(line => line.includes('"status":499'))).toBe(true)
    release()
  })

  it('a key in the URL: not accepted, and not logged', async () => {
    const { text } = await addKey(tested.dir)
    const answer = await fetch(
      `${tested.url}/get_product_details?offer_id=7000000001&x-api-key=${text}&api_key=${text}`,
    )
    expect(answer.status).toBe(401)
    expect(await answer.text()).not.toContain(text)
    expect(tested.log.join('')).not.toContain(text)
  })
})
