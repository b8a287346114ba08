/** What clients send to /mcp that the protocol does not ask for, and that can be answered all the same. */
import http from 'node:http'
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

/** Without the headers that fetch adds. */
function post(path: string, headers: Record<string, string>, body: string) {
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
  return new Promise<{ status: number | undefined; type: string | undefined; body: string }>((resolve, reject) => {
    const request = http.request(`${tested.url}${path}`, options, response => {
      let received = ''
      response.setEncoding('utf8').on('data', text => {
        received += text
      })
      response.once('end', () =>
        resolve({ status: response.statusCode, type: response.headers['content-type'], body: received }),
      )
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
  ])('with %s is answered with JSON, although it asks for progress', async (_name, accept) => {
    const answer = await post('/mcp', { ...headers, ...accept }, JSON.stringify(message))
    expect(answer).toMatchObject({ status: 200, type: 'application/json' })
    expect(JSON.parse(answer.body)).toMatchObject({ id: 1, result: { content: [expect.anything()] } })
  })

  it.each(['/mcp/', '/mcp/?tools=core'])('to %s is answered as one to /mcp', async path => {
    const answer = await post(path, { ...headers, accept: '*/*' }, JSON.stringify(message))
    expect(answer.status).toBe(200)
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

it('a client of 2025 that takes only pages is refused', async () => {
  const answer = await post('/mcp', { ...WIRES['2025'].headers, accept: 'text/html' }, JSON.stringify(CALL))
  expect(answer.status).toBe(406)
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
