import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuards, isLoopback } from '../../../src/http/access/guards.ts'
import { HttpError } from '../../../src/http/access/http-error.ts'

const guards = createGuards({
  bindHost: '127.0.0.1',
  allowedHosts: ['mcp.example.com'],
  allowedOrigins: ['https://app.example.com'],
})

/** The path of an accepted request, with its query, or the status of a refused one. */
function outcome(target: string, headers: Record<string, string>): number | string {
  try {
    return guards.check(target, headers)
  } catch (error) {
    if (error instanceof HttpError) return error.status
    throw error
  }
}

describe('guards', () => {
  it.each(['localhost', 'LOCALHOST:1688', '127.0.0.1:1', '[::1]:1688', 'mcp.example.com', 'MCP.example.com:443'])(
    'accepts the host %s',
    host => expect(outcome('/mcp?a=b', { host })).toBe('/mcp?a=b'),
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

  it('refuses every host that is not allowed', () => {
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
    'accepts the origin %s',
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
  ])('refuses the origin %j', origin => expect(outcome('/mcp', { host: 'localhost', origin })).toBe(403))

  it.each([
    ['//mcp', '/mcp'],
    ['///mcp/?a=//b', '/mcp/?a=//b'],
    ['http://localhost:1688/mcp?a=b', '/mcp?a=b'],
    ['HTTPS://MCP.example.com//mcp', '/mcp'],
    ['//evil.com/mcp', '/evil.com/mcp'],
  ])('takes the target %s for %s', (target, path) => expect(outcome(target, { host: 'localhost' })).toBe(path))

  it('reads a target of slashes in no time', () => {
    const startedAt = performance.now()
    for (const end of ['', '#', 'x']) outcome(`${'/'.repeat(16_000)}${end}`, { host: 'localhost' })
    expect(performance.now() - startedAt).toBeLessThan(50)
  })

  it.each([
    ...['http://evil.com/mcp', 'http://localhost@evil.com/mcp', 'http://localhost', 'ftp://localhost/mcp'],
    ...['*', 'mcp', '', '/mcp#x'],
  ])('refuses the target %j', target => expect(outcome(target, { host: 'localhost' })).toBe(400))

  it('recognises loopback addresses', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) expect(isLoopback(host), host).toBe(true)
    for (const host of ['0.0.0.0', '::', '127.evil.com', '10.0.0.1', 'localhost.lan'])
      expect(isLoopback(host), host).toBe(false)
  })
})
