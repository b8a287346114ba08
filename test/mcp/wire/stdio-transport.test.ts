import { PassThrough } from 'node:stream'
import type { JSONRPCMessage } from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStdioTransport } from '../../../src/mcp/wire/stdio-transport.ts'

const MAX_BYTES = 6_000

async function open() {
  const [stdin, stdout] = [new PassThrough(), new PassThrough()]
  const transport = createStdioTransport(
    { stdin, stdout },
    { maxBytes: MAX_BYTES, tools: ['get_usage', 'search_by_image'] },
  )
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
  ['a byte-order mark on each line', `\ufeff \n\ufeff${line(ping(1))}`],
  ['null in its params', line({ ...ping(1), params: { cursor: null, clientInfo: { title: null } } })],
  ['a _meta that is a text', line({ ...ping(1), params: { _meta: 'x' } })],
  ['a progressToken with a fraction', line({ ...ping(1), params: { _meta: { progressToken: 1.5 } } })],
  ['members of its own', line({ ...ping(1), error: null, sent_at: 1 })],
  ['the empty params of PHP, a list', line({ ...ping(1), params: [] })],
  ['the empty _meta of PHP', line({ ...ping(1), params: { _meta: [] } })],
])('a message with %s is read', async (_name, text) => {
  const { received, finish } = await open()
  expect(await finish(text)).toEqual([])
  expect(received).toMatchObject([ping(1)])
})

/** 保温, as a program on a Chinese Windows writes it unless told otherwise. */
const GBK = Buffer.concat([
  Buffer.from('{"jsonrpc":"2.0","id":5,"method":"ping","params":{"x":"'),
  Buffer.from([0xb1, 0xa3, 0xce, 0xc2]),
  Buffer.from('"}}\n'),
])

it.each([
  ['no JSON', 'hello\n', null, -32700],
  ['half a message', '{"jsonrpc":"2.0","id":1,\n', null, -32700],
  ['JSON that is not a message', '42\n', null, -32600],
  ['no method', line({ jsonrpc: '2.0', id: 7 }), 7, -32600],
  ['an ID that is null', line(ping(null)), null, -32600],
  ['params that are a text', line({ ...ping('a'), params: 'x' }), 'a', -32600],
  ['params that are a list', line({ ...ping('a'), params: [1] }), 'a', -32600],
  ['an ID with a fraction', line(ping(1.5)), 1.5, -32600],
  ['an ID that JSON does not keep', '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}\n', null, -32600],
  ['a batch of nothing', '[]\n', null, -32600],
  ['a line of NUL', '\0\n', null, -32700],
  ['two messages in a line', `${JSON.stringify(ping(1))}${line(ping(3))}`, null, -32700],
  ['a text in GBK', GBK, 5, -32700],
  [
    'a line in UTF-16',
    Buffer.concat([Buffer.from(JSON.stringify(ping(1)), 'utf16le'), Buffer.from('\n')]),
    null,
    -32700,
  ],
])('%s is answered with an error, and the next message is read', async (_name, text, id, code) => {
  const { received, finish } = await open()
  expect(await finish(text, line(ping(2)))).toEqual([errorOf(id, code)])
  expect(received).toEqual([ping(2)])
})

const LONG = 'A'.repeat(MAX_BYTES)

it.each([
  ['before the parameters', `{"jsonrpc":"2.0","id":4,"method":"x","params":{"id":9,"a":"${LONG}"}}\n`, 4],
  ['at the end', `{"method":"x","params":{"id":9,"a":"${LONG}"},"jsonrpc":"2.0","id":"q"}\n`, 'q'],
  ['with a fraction', `{"jsonrpc":"2.0","id":1.5,"method":"x","params":{"a":"${LONG}"}}\n`, 1.5],
  ['with quotation marks', `{"jsonrpc":"2.0","id":"a\\"b","method":"x","params":{"a":"${LONG}"}}\n`, 'a"b'],
  ['nowhere but in a parameter', `{"method":"x","params":{"id":9,"a":"${LONG}"}}\n`, null],
])('a message that is too long and has its ID %s is refused under that ID', async (_name, text, id) => {
  const { received, finish } = await open()
  expect(await finish(text, line(ping(2)))).toEqual([errorOf(id, -32600)])
  expect(received).toEqual([ping(2)])
})

it('a line as long as the limit is read, and one byte more is too long', async () => {
  const { received, finish } = await open()
  const ofLength = (bytes: number) => {
    const start = '{"jsonrpc":"2.0","id":4,"method":"ping","params":{"a":"'
    return `${start}${'A'.repeat(bytes - start.length - 3)}"}}\n`
  }
  expect(await finish(ofLength(MAX_BYTES), ofLength(MAX_BYTES + 1))).toEqual([
    expect.objectContaining({
      error: {
        code: -32600,
        message: 'The message has 6,001 bytes, and at most 6,000 are read. Give a large picture as a path or a link.',
      },
    }),
  ])
  expect(received).toHaveLength(1)
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

it.each([
  ['Prompt  buy not found', 'There is no prompt " buy". prompts/list names those that there are.'],
  [
    'Invalid arguments for prompt negotiate: offer_id: Invalid input: expected string, received undefined, quantity: must be a whole number',
    'Invalid arguments for prompt negotiate: offer_id is missing, quantity must be a whole number.',
  ],
])('the error %j is said in words', async (said, words) => {
  const { transport, written } = await open()
  await transport.send({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: said } })
  expect(written()).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32602, message: words } }])
})

it('a parameter that is missing or of another type is named', async () => {
  const { transport, written } = await open()
  const issues = [
    { code: 'invalid_type', expected: 'string', path: ['params', 'name'], message: 'Invalid input' },
    { code: 'invalid_type', expected: 'object', path: ['params', 'clientInfo'], message: 'Invalid input' },
    { code: 'custom', path: [], message: 'Too odd' },
  ]
  const error = { code: -32603, message: `Invalid tools/call request: ${JSON.stringify(issues, null, 2)}` }
  await transport.send({ jsonrpc: '2.0', id: 1, error })
  const message =
    'Invalid parameters: params.name must be a string, params.clientInfo must be an object, the message: Too odd.'
  expect(written()).toEqual([{ jsonrpc: '2.0', id: 1, error: { code: -32602, message } }])
})

it.each([
  ['search-by-image', 'Did you mean search_by_image?'],
  ['getUsage', 'Did you mean get_usage?'],
  ['mcp__mcp-1688__get_usage', 'Did you mean get_usage?'],
  ['mcp-1688.Search_By_Image ', 'Did you mean search_by_image?'],
  ['order_offer', 'The tools are get_usage, search_by_image.'],
  ['', 'The tools are get_usage, search_by_image.'],
])('a call of the unknown tool %j is answered by what to call', async (name, cure) => {
  const { transport, written } = await open()
  await transport.send({ jsonrpc: '2.0', id: 1, error: { code: -32602, message: `Tool ${name} not found` } })
  expect(written()).toEqual([
    { jsonrpc: '2.0', id: 1, error: { code: -32602, message: `There is no tool "${name}". ${cure}` } },
  ])
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
