import { expect, it } from 'vitest'
import { takesJson, takesStream, withFullAccept } from '../../../src/http/mcp/accept.ts'

it.each([
  [undefined, true, false],
  ['', true, false],
  ['*/*', true, false],
  ['*/*;q=0.1', true, false],
  ['application/*', true, false],
  ['APPLICATION/JSON ; q=0.8 , text/plain', true, false],
  ['application/json; charset=utf-8', true, false],
  ['text/html, image/gif, *; q=.2, */*; q=.2', true, false],
  ['application/json, text/event-stream', true, true],
  ['text/event-stream', false, true],
  ['text/*', false, true],
  ['application/json;q=0, text/event-stream;q=0.5', false, true],
  ['application/json;q=0.0', false, false],
  ['text/html', false, false],
])('Accept: %s takes JSON: %s, a stream: %s', (accept, json, stream) => {
  expect([takesJson(accept), takesStream(accept)]).toEqual([json, stream])
  const full = () => withFullAccept({ accept }).accept
  if (json || stream) expect(full()).toBe('application/json, text/event-stream')
  else expect(full).toThrow('allows neither JSON nor an event stream')
})
