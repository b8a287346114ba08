import { PassThrough } from 'node:stream'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStdioTransport } from '../../../src/mcp/wire/stdio-transport.ts'

const MAX_BYTES = 6_000

async function open() {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const transport = createStdioTransport({ stdin, stdout }, MAX_BYTES)
  const received: JSONRPCMessage[] = []
  transport.onmessage = message => received.push(message)
  await transport.start()
  const written = (): unknown[] =>
    String(stdout.read() ?? '')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  /** Writes everything, ends stdin and waits until it is read. */
  const finish = async (...chunks: (string | Buffer)[]): Promise<unknown[]> => {
    for (const chunk of chunks) stdin.write(chunk)
    stdin.end()
    await transport.ended
    return written()
  }
  return { transport, received, written, finish }
}

const ping = (id: unknown) => ({ jsonrpc: '2.0', id, method: 'ping' })
const line = (message: unknown) => `${JSON.stringify(message)}\n`
const errorOf = (id: unknown, code: number) =>
  expect.objectContaining({ jsonrpc: '2.0', id, error: expect.objectContaining({ code }) })

it.each([
  ['a byte-order mark', `\ufeff${line(ping(1))}`],
  ['CRLF', line(ping(1)).replace('\n', '\r\n')],
  ['blank lines', `\n  \n${line(ping(1))}\n`],
  ['no newline at the end', JSON.stringify(ping(1))],
  ['params: null', line({ ...ping(1), params: null })],
  ['_meta: null', line({ ...ping(1), params: { _meta: null } })],
  ['progressToken: null', line({ ...ping(1), params: { _meta: { progressToken: null } } })],
])('a message with %s is read', async (_name, text) => {
  const { received, finish } = await open()
  expect(await finish(text)).toEqual([])
  expect(received).toMatchObject([ping(1)])
})

it.each([
  ['no JSON', 'hello\n', null, -32700],
  ['half a message', '{"jsonrpc":"2.0","id":1,\n', null, -32700],
  ['JSON that is no message', '42\n', null, -32600],
  ['no method', line({ jsonrpc: '2.0', id: 7 }), 7, -32600],
  ['an ID that is null', line(ping(null)), null, -32600],
  ['params that are a text', line({ ...ping('a'), params: 'x' }), 'a', -32600],
])('%s is answered with an error, and the next message is read', async (_name, text, id, code) => {
  const { received, finish } = await open()
  expect(await finish(text, line(ping(2)))).toEqual([errorOf(id, code)])
  expect(received).toEqual([ping(2)])
})

const LONG = 'A'.repeat(MAX_BYTES)

it.each([
  ['before the parameters', `{"jsonrpc":"2.0","id":4,"method":"x","params":{"id":9,"a":"${LONG}"}}\n`, 4],
  ['at the end', `{"method":"x","params":{"id":9,"a":"${LONG}"},"jsonrpc":"2.0","id":"q"}\n`, 'q'],
  ['nowhere but in a parameter', `{"method":"x","params":{"id":9,"a":"${LONG}"}}\n`, null],
])('a message that is too long and has its ID %s is refused under that ID', async (_name, text, id) => {
  const { received, finish } = await open()
  expect(await finish(text, line(ping(2)))).toEqual([errorOf(id, -32600)])
  expect(received).toEqual([ping(2)])
})

it('a batch is answered in one list once its last answer is there', async () => {
  const { transport, received, written, finish } = await open()
  const note = { jsonrpc: '2.0', method: 'notifications/initialized' }
  expect(await finish(line([ping(1), note, 'nonsense', ping(2)]))).toEqual([])
  expect(received).toEqual([ping(1), note, ping(2)])
  await transport.send({ jsonrpc: '2.0', id: 2, result: {} })
  expect(written()).toEqual([])
  await transport.send({ jsonrpc: '2.0', id: 1, result: {} })
  expect(written()).toEqual([
    [errorOf(null, -32600), { jsonrpc: '2.0', id: 2, result: {} }, { jsonrpc: '2.0', id: 1, result: {} }],
  ])
})

it('a batch does not wait for a cancelled request', async () => {
  const { transport, written, finish } = await open()
  const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
  await finish(line([ping(1), ping(2)]), line(cancel))
  await transport.send({ jsonrpc: '2.0', id: 2, result: {} })
  expect(written()).toEqual([[{ jsonrpc: '2.0', id: 2, result: {} }]])
})

it.each([
  ['before 2026', true, -32002],
  ['of 2026', false, -32602],
])('an unknown resource has the error code of protocols %s', async (_name, isLegacy, code) => {
  const { transport, written, finish } = await open()
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  await finish(isLegacy ? line({ jsonrpc: '2.0', id: 0, method: 'initialize', params }) : line(ping(0)))
  const error = { code: -32602, message: 'Resource not found: x:y', data: { uri: 'x:y' } }
  await transport.send({ jsonrpc: '2.0', id: 1, error })
  expect(written()).toEqual([errorOf(1, code)])
})

it('how the bytes are cut into chunks changes nothing', async () => {
  const text = Buffer.from(`\ufeff${line(ping('ä'))}nonsense\n${line(ping(2))}{"id":3,"x":"${LONG}"}\n${line(ping(4))}`)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async cuts => {
      const { received, finish } = await open()
      const ends = [...cuts.toSorted((a, b) => a - b), text.length]
      const chunks = ends.map((end, at) => text.subarray(ends[at - 1] ?? 0, end)).filter(chunk => chunk.length > 0)
      expect(await finish(...chunks)).toEqual([errorOf(null, -32700), errorOf(3, -32600)])
      expect(received).toEqual([ping('ä'), ping(2), ping(4)])
    }),
    { numRuns: 60 },
  )
})
