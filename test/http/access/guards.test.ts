import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuards, isLoopback } from '../../../src/http/access/guards.ts'
import { HttpRefusal } from '../../../src/http/access/refusal.ts'

const guards = createGuards({
  bindHost: '127.0.0.1',
  allowedHosts: ['mcp.example.com'],
  allowedOrigins: ['https://app.example.com'],
})

/** The status that a request is refused with, or its path. */
function outcome(target: string, headers: Record<string, string>): number | string {
  try {
    return guards.check(target, headers)
  } catch (error) {
    if (error instanceof HttpRefusal) return error.status
    throw error
  }
}

describe('guards', () => {
  it.each(['localhost', 'LOCALHOST:1688', '127.0.0.1:1', '[::1]:1688', 'mcp.example.com', 'MCP.example.com:443'])(
    'answers to the host %s',
    host => expect(outcome('/mcp?a=b', { host })).toBe('/mcp'),
  )

  it.each([
    'evil.com',
    'evil.com:1688',
    '127.0.0.1.evil.com',
    'localhost.evil.com',
    'evil.com@localhost',
    'localhost@evil.com',
    'localhost:1688@evil.com',
    'localhost.',
    'localhost/x',
    'localhost:',
    'localhost:999999',
    ' localhost',
    '127.1',
    '2130706433',
    '0x7f.1',
    '127.0.0.2',
    '[::ffff:127.0.0.1]',
    '',
  ])('refuses the host %j', host => expect(outcome('/mcp', { host })).toBe(403))

  it('answers to no host but its own, however it is written', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.domain(),
          fc.ipV4(),
          fc.ipV6().map(address => `[${address}]`),
        ),
        host => {
          fc.pre(!/^(localhost|127\.0\.0\.1|\[::1\]|mcp\.example\.com)(:\d{1,5})?$/i.test(host))
          expect(outcome('/mcp', { host })).toBe(403)
        },
      ),
    )
  })

  it.each(['https://app.example.com', 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080'])(
    'lets a page of %s call',
    origin => expect(outcome('/mcp', { host: 'localhost', origin })).toBe('/mcp'),
  )

  it.each([
    'null',
    '',
    'https://evil.com',
    'http://app.example.com',
    'https://app.example.com.evil.com',
    'https://app.example.com:444',
    'http://localhost.evil.com',
    'http://localhost@evil.com',
    'file://localhost',
    'chrome-extension://localhost',
  ])('does not let a page of %j call', origin => expect(outcome('/mcp', { host: 'localhost', origin })).toBe(403))

  it.each(['http://evil.com/mcp', '*', 'mcp', '', '/mcp#x'])('takes %j for no path', target =>
    expect(outcome(target, { host: 'localhost' })).toBe(400),
  )

  it('tells addresses of this machine from others', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) expect(isLoopback(host), host).toBe(true)
    for (const host of ['0.0.0.0', '::', '127.evil.com', '10.0.0.1', 'localhost.lan'])
      expect(isLoopback(host), host).toBe(false)
  })
})
