import { expect, test } from 'vitest'
import { createAuthThrottle } from '../../../src/http/access/auth-throttle.ts'

test.each([
  ['an address', '203.0.113.7', '203.0.113.7', '203.0.113.8'],
  ['a /64 of IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::1', '2001:db8:1:3::1'],
  ['an abbreviated /64', '2001:db8::1', '2001:db8::aaaa:bbbb:cccc:dddd', '2001:db8:0:1::1'],
  ['an IPv4-mapped IPv6 address', '::ffff:203.0.113.7', '::ffff:203.0.113.7', '::ffff:203.0.113.8'],
  ['an unparsable address from a proxy', 'unknown', 'unknown', 'hidden'],
])('%s is refused after 20 wrong keys, other addresses are not', (_what, guesser, same, other) => {
  let now = 0
  const throttle = createAuthThrottle(() => now)
  for (let guess = 0; guess < 19; guess++) throttle.recordWrongKey(guesser)
  expect(throttle.waitMs(same)).toBe(0)
  throttle.recordWrongKey(same)
  expect([throttle.waitMs(guesser), throttle.waitMs(same)]).toEqual([3_000, 3_000])
  expect(throttle.waitMs(other)).toBe(0)
  now = 3_000
  expect(throttle.waitMs(guesser)).toBe(0)
})
