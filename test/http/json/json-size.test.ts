import fc from 'fast-check'
import { expect, it } from 'vitest'
import { announcedCall } from '../../../src/http/json/announced-call.ts'
import { type JsonSize, LONG_STRING_BYTES, measureJson } from '../../../src/http/json/json-size.ts'

const UNLIMITED: JsonSize = {
  depth: Number.POSITIVE_INFINITY,
  keys: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  longStrings: Number.POSITIVE_INFINITY,
  otherBytes: Number.POSITIVE_INFINITY,
}

const measure = (text: string, limits: Partial<JsonSize> = {}) =>
  measureJson(Buffer.from(text), { ...UNLIMITED, ...limits })

interface Counted {
  depth: number
  keys: number
  values: number
  empty: number
}

/** The same, counted in what JSON.parse returned. */
function count(value: unknown): Counted {
  if (typeof value !== 'object' || value === null) return { depth: 0, keys: 0, values: 1, empty: 0 }
  const inner = Object.values(value).map(count)
  const sum = (field: keyof Counted) => inner.reduce((total, part) => total + part[field], 0)
  return {
    depth: 1 + Math.max(0, ...inner.map(({ depth }) => depth)),
    keys: sum('keys') + (Array.isArray(value) ? 0 : inner.length),
    values: 1 + sum('values'),
    empty: sum('empty') + (inner.length === 0 ? 1 : 0),
  }
}

const json = fc
  .tuple(fc.json({ maxDepth: 6, noUnicodeString: false }), fc.constantFrom(0, 1, 2))
  .map(([text, indent]) => JSON.stringify(JSON.parse(text), null, indent))

it('agrees with JSON.parse on depth, keys and values of any JSON', () => {
  fc.assert(
    fc.property(json, text => {
      const { size, exceeded } = measure(text)
      const { depth, keys, values, empty } = count(JSON.parse(text))
      expect(exceeded).toBeNull()
      expect(size).toMatchObject({ depth, keys, values: values + empty })
    }),
    { numRuns: 500 },
  )
})

it('never counts less than JSON.parse makes of any text that it accepts', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '"a"',
    '1',
    'null',
    ' ',
    '"\\""',
    '"\\\\"',
    '{}',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const text = pieces.join('')
      const { size } = measure(text)
      let parsed: unknown
      try {
        parsed = JSON.parse(text)
      } catch {
        return
      }
      const { depth, keys, values } = count(parsed)
      expect(size.depth).toBeGreaterThanOrEqual(depth)
      expect(size.keys).toBeGreaterThanOrEqual(keys)
      expect(size.values).toBeGreaterThanOrEqual(values)
    }),
    { numRuns: 5_000 },
  )
})

it('stops at the first limit that is exceeded', () => {
  expect(measure('['.repeat(50), { depth: 32 }).exceeded).toBe('depth')
  expect(measure(`{${'"a":1,'.repeat(50)}"b":1}`, { keys: 50 }).exceeded).toBe('keys')
  expect(measure(`[${'1,'.repeat(50)}1]`, { values: 51 }).exceeded).toBe('values')
  const long = JSON.stringify('\\"'.repeat(LONG_STRING_BYTES))
  expect(measure(`[${long},${long}]`, { longStrings: 2 })).toMatchObject({ exceeded: null, size: { otherBytes: 7 } })
  expect(measure(`[${long},${long}]`, { longStrings: 1 }).exceeded).toBe('longStrings')
  expect(measure(`[${' '.repeat(100)}]`, { otherBytes: 100 }).exceeded).toBe('otherBytes')
})

/** The called tool, as the route derives it. */
const toolIn = (start: Uint8Array) => {
  const { method, name } = announcedCall(start)
  return method === 'tools/call' ? name : null
}

const calling = (name: string) => ({ method: 'tools/call', params: { name, arguments: { image_url: 'x' } } })

it.each([
  ['name before the arguments', JSON.stringify(calling('search_by_image')), 'search_by_image'],
  [
    'other keys first',
    JSON.stringify({ params: { _meta: { name: 'a', method: 'b' }, name: 'x' }, method: 'tools/call' }),
    'x',
  ],
  ['white space and escapes', '{ "method" : "tools\\/call" ,\n "params" : {\t"name" : "\\u0078" } }', 'x'],
  ['another method', JSON.stringify({ ...calling('x'), method: 'tools/list' }), null],
  ['a batch', JSON.stringify([calling('x')]), null],
  ['parameters that are a list', '{"method":"tools/call","params":["name","x"]}', null],
  ['a name deeper down', '{"method":"tools/call","params":{"arguments":{"name":"x"}}}', null],
  ['an argument that does not end', '{"method":"tools/call","params":{"arguments":{"image_url":"data:', null],
  ['a key that is repeated: the first counts', '{"method":"tools/call","params":{"name":"x","name":"y"}}', 'x'],
])('reads the called tool from the beginning of a message: %s', (_case, text, name) => {
  expect(toolIn(Buffer.from(text))).toBe(name)
})

it('finds the tool that JSON.parse finds, wherever the message is cut, or none', () => {
  const message = fc.record({
    jsonrpc: fc.constant('2.0'),
    id: fc.oneof(fc.integer(), fc.string()),
    method: fc.constantFrom('tools/call', 'tools/list'),
    params: fc.record({ name: fc.string({ maxLength: 20 }), arguments: fc.dictionary(fc.string(), fc.jsonValue()) }),
  })
  fc.assert(
    fc.property(message, fc.nat({ max: 400 }), (value, cut) => {
      const bytes = Buffer.from(JSON.stringify(value))
      const expected = value.method === 'tools/call' ? value.params.name : null
      const whole = toolIn(bytes)
      expect(whole === expected || (whole === null && Buffer.byteLength(value.params.name) > 20)).toBe(true)
      expect([expected, null]).toContain(toolIn(bytes.subarray(0, cut)))
    }),
  )
})
