import { expect, test } from 'vitest'
import { createAuthThrottle } from '../../../src/http/access/auth-throttle.ts'

test.each([
  ['an address', '203.0.113.7', '203.0.113.7', '203.0.113.8'],
  ['a /64 of IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2:ffff::1', '2001:db8:1:3::1'],
  ['a /64 that is written short', '2001:db8::1', '2001:db8::aaaa:bbbb:cccc:dddd', '2001:db8:0:1::1'],
  ['an IPv4 address as IPv6 writes it', '::ffff:203.0.113.7', '::ffff:203.0.113.7', '::ffff:203.0.113.8'],
  ['whatever a proxy tells', 'unknown', 'unknown', 'hidden'],
])('%s is not listened to after 20 wrong keys, others are', (_what, guesser, same, other) => {
  let now = 0
  const throttle = createAuthThrottle(() => now)
  for (let guess = 0; guess < 19; guess++) throttle.wrong(guesser)
  expect(throttle.waitMs(same)).toBe(0)
  throttle.wrong(same)
  expect([throttle.waitMs(guesser), throttle.waitMs(same)]).toEqual([3_000, 3_000])
  expect(throttle.waitMs(other)).toBe(0)
  now = 3_000
  expect(throttle.waitMs(guesser)).toBe(0)
})
