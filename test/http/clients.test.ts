/** What clients send to /mcp that the protocol does not ask for, and that can be answered all the same. */
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startService, type TestService } from './service.ts'

let tested: TestService
beforeAll(async () => {
  tested = await startService()
})
afterAll(() => tested.close())

const MODERN_META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
}
const PARAMS = { name: 'get_usage', arguments: {}, _meta: { progressToken: 1 } }
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: PARAMS }

const WIRES = {
  '2025': { headers: { 'mcp-protocol-version': '2025-06-18' }, message: CALL },
  '2026': {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'get_usage' },
    message: { ...CALL, params: { ...PARAMS, _meta: { ...PARAMS._meta, ...MODERN_META } } },
  },
}

interface Received {
  status: number | undefined
  type: string | undefined
  connection: string | undefined
  body: string
}

/** Without the headers that fetch adds. */
function post(path: string, headers: Record<string, string>, body: string | Buffer) {
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
  return new Promise<Received>((resolve, reject) => {
    const { hostname, port } = new URL(tested.url)
    const request = http.request({ hostname, port, path, ...options }, response => {
      let received = ''
      response.setEncoding('utf8').on('data', text => {
        received += text
      })
      response.once('end', () => {
        const { connection, 'content-type': type } = response.headers
        resolve({ status: response.statusCode, type, connection, body: received })
      })
    })
    request.once('error', reject).end(body)
  })
}

describe.each(['2025', '2026'] as const)('a call on the wire of %s', wire => {
  const { headers, message } = WIRES[wire]

  it.each([
    ['no Accept', {}],
    ['Accept: */*', { accept: '*/*' }],
    ['Accept: application/json', { accept: 'application/json' }],
    ['Accept: application/json;q=0.9', { accept: 'Application/JSON;q=0.9' }],
    ['Accept: application/*', { accept: 'application/*' }],
    ['an empty Accept', { accept: '' }],
    ['Content-Type: application/json; charset=utf-8', { 'content-type': 'Application/json; charset="utf-8"' }],
    ['Content-Encoding: identity', { 'content-encoding': 'Identity' }],
    ['Expect: 100-continue', { expect: '100-continue' }],
    ['a body in chunks', { 'transfer-encoding': 'chunked' }],
    ['Content-Type: application/json-rpc', { 'content-type': 'application/json-rpc' }],
    ['the Content-Type of client and proxy', { 'content-type': 'application/json, application/json' }],
    ['an offer to go on in HTTP/2, as of Java', { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }],
  ])('with %s is answered with JSON, although it asks for progress', async (_name, accept) => {
    const answer = await post('/mcp', { ...headers, ...accept }, JSON.stringify(message))
    expect(answer).toMatchObject({ status: 200, type: 'application/json' })
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, result: { content: [expect.anything()] } })
  })

  it.each(['/mcp/', '/mcp/?tools=core', '/mcp?', '//mcp', '//mcp/?tools=core', 'http://localhost/mcp'])(
    'to %s is answered as one to /mcp',
    async path => {
      const answer = await post(path, { ...headers, accept: '*/*' }, JSON.stringify(message))
      expect(answer.status).toBe(200)
    },
  )

  it('may write the name of its tool with blanks, and its capabilities as PHP does', async () => {
    const { _meta, ...params } = message.params
    const capabilities = '_meta' in message.params && { 'io.modelcontextprotocol/clientCapabilities': [] }
    const padded = { ...message, params: { ...params, name: ' get_usage\n', _meta: { ..._meta, ...capabilities } } }
    const answer = await post('/mcp', { ...headers, accept: '*/*' }, JSON.stringify(padded))
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, result: { content: [expect.anything()] } })
  })

  it('of a tool that does not exist is answered by those that do', async () => {
    const unknown = { ...message, params: { ...message.params, name: 'getUsage' } }
    const named = { ...headers, ...('mcp-name' in headers && { 'mcp-name': 'getUsage' }) }
    const answer = await post('/mcp', named, JSON.stringify(unknown))
    expect(answer.body).toContain('There is no tool \\"getUsage\\". Did you mean get_usage?')
  })

  it('may begin with a byte-order mark', async () => {
    const answer = await post('/mcp', { ...headers, accept: '*/*' }, `\ufeff${JSON.stringify(message)}`)
    expect(answer.status).toBe(200)
  })

  it('may carry the session of an older server', async () => {
    const answer = await post('/mcp', { ...headers, 'mcp-session-id': 'gone' }, JSON.stringify(message))
    expect(answer.status).toBe(200)
  })
})

describe('a client of 2025', () => {
  const { headers } = WIRES['2025']
  const anyKind = { ...headers, accept: '*/*' }
  const METHODS = { jsonrpc: '2.0', id: 1 }
  const CLIENT = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }

  const prompt = (params: object) => JSON.stringify({ ...METHODS, method: 'prompts/get', params })

  it('that takes only a stream gets one, and the connection closed where it asks for that', async () => {
    const sent = { ...headers, accept: 'text/event-stream', connection: 'close' }
    const answer = await post('/mcp', sent, JSON.stringify(CALL))
    const body = expect.stringContaining('"content"')
    expect(answer).toMatchObject({ status: 200, type: 'text/event-stream', connection: 'close', body })
  })

  it.each([
    ['takes only pages', { accept: 'text/html' }, JSON.stringify(CALL), 406, 'neither JSON nor an event stream'],
    ['compresses', { 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(CALL)), 415, 'compressed'],
    ['sends nothing', {}, '', 400, '-32700'],
    ['sends GBK', {}, Buffer.from([0x22, 0xb1, 0xa3, 0x22]), 400, 'not valid UTF-8'],
    ['sends NUL', {}, '\0', 400, '-32700'],
    ['sends an empty batch', {}, '[]', 400, '-32600'],
    ['sends an ID twice', {}, JSON.stringify([CALL, CALL]), 400, 'the same ID'],
    ['sends params that are a list', {}, JSON.stringify({ ...METHODS, method: 'ping', params: [1] }), 400, '-32600'],
    ['says initialize only', {}, JSON.stringify({ ...METHODS, method: 'initialize' }), 200, 'params must be an object'],
    ['names no tool', {}, JSON.stringify({ ...METHODS, method: 'tools/call', params: {} }), 200, 'params.name must be'],
    ['sends a notification as a request', {}, JSON.stringify({ ...METHODS, method: 'notifications/x' }), 200, '-32601'],
    ['writes a method in capitals', {}, JSON.stringify({ ...METHODS, method: 'Tools/List' }), 200, '-32601'],
    [
      'leaves out jsonrpc',
      {},
      '{"id":7,"method":"ping"}',
      400,
      '"id":7,"error":{"code":-32600,"message":"This is not a',
    ],
    [
      'has an ID that JSON does not keep',
      {},
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
      400,
      '"id":null',
    ],
    ['encodes its message twice', {}, JSON.stringify(JSON.stringify(CALL)), 400, 'not a JSON-RPC 2.0 message'],
    ['names no prompt', {}, prompt({ name: 'buy' }), 200, 'There is no prompt \\"buy\\".'],
    ['leaves out what a prompt needs', {}, prompt({ name: 'source_from_photo' }), 200, 'image_url is missing.'],
    ['calls pages JSON', { 'content-type': 'text/html; application/json' }, JSON.stringify(CALL), 415, 'Content-Type'],
  ])('that %s gets an error', async (_name, sent, body, status, words) => {
    const answer = await post('/mcp', { ...anyKind, ...sent }, body)
    expect(answer).toMatchObject({ status, body: expect.stringContaining(words) })
    expect(answer.body).not.toContain('invalid_type')
  })

  it.each([
    ['a response that nobody asked for', { jsonrpc: '2.0', id: 9, result: {} }],
    ['a request without an ID', { jsonrpc: '2.0', method: 'tools/call', params: PARAMS }],
    ['an unknown notification', { jsonrpc: '2.0', method: 'notifications/x' }],
  ])('that sends %s gets no answer', async (_name, message) => {
    expect(await post('/mcp', anyKind, JSON.stringify(message))).toMatchObject({ status: 202, body: '' })
  })

  it.each([
    ['names its protocol twice', { 'mcp-protocol-version': '2025-06-18, 2025-06-18' }, CALL],
    ['names an empty protocol', { 'mcp-protocol-version': '' }, CALL],
    ['has an ID of 10 kB', {}, { ...CALL, id: 'x'.repeat(10_000) }],
    [
      'has empty capabilities as PHP writes them',
      {},
      { ...METHODS, method: 'initialize', params: { ...CLIENT, capabilities: [] } },
    ],
    [
      'has capabilities without details',
      {},
      {
        ...METHODS,
        method: 'initialize',
        params: { ...CLIENT, capabilities: { sampling: true, roots: [], elicitation: false, experimental: { x: [] } } },
      },
    ],
    [
      'writes a number into a prompt',
      {},
      {
        ...METHODS,
        method: 'prompts/get',
        params: {
          name: 'source_from_photo',
          arguments: { image_url: 'https://a.com/1.png', quantity: 500, location: null },
        },
      },
    ],
    [
      'writes null for what it leaves out',
      {},
      { ...METHODS, method: 'prompts/list', params: { cursor: null, _meta: null } },
    ],
  ])('that %s is answered', async (_name, sent, message) => {
    const answer = await post('/mcp', { ...anyKind, ...sent }, JSON.stringify(message))
    expect(JSON.parse(answer.body)).toMatchObject({ id: message.id, result: expect.anything() })
  })

  it('gets a list for a batch of one', async () => {
    const answer = await post('/mcp', anyKind, JSON.stringify([CALL]))
    expect(JSON.parse(answer.body)).toMatchObject([{ id: 1, result: expect.anything() }])
  })
})

it('an unknown resource has the error code of its protocol', async () => {
  const read = { jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri: 'mcp-1688://nothing' } }
  const old = await post('/mcp', WIRES['2025'].headers, JSON.stringify(read))
  expect(JSON.parse(old.body)).toMatchObject({ error: { code: -32002 } })
  const message = { ...read, params: { ...read.params, _meta: MODERN_META } }
  const headers = { ...WIRES['2026'].headers, 'mcp-method': 'resources/read', 'mcp-name': 'mcp-1688://nothing' }
  const modern = await post('/mcp', headers, JSON.stringify(message))
  expect(JSON.parse(modern.body)).toMatchObject({ error: { code: -32602 } })
})
