import { expect, it } from 'vitest'
import type { ApiKey } from '../../src/keys/api-key.ts'
import { longRevoked } from '../../src/keys/long-revoked.ts'

const NOW = Date.UTC(2026, 10, 29)
const DAY_MS = 86_400_000

const key = (id: string, revokedAt: number | null): ApiKey => ({
  id,
  name: id,
  tier: 'free',
  rights: [],
  ownOffers: 10_000,
  createdAt: 0,
  expiresAt: DAY_MS,
  revokedAt,
})

it('what a key has stored is kept for 30 days after it was revoked, and for ever if it only expired', () => {
  const keys = [
    key('0000000a', null),
    key('0000000b', NOW - 30 * DAY_MS + 1),
    key('0000000c', NOW - 30 * DAY_MS),
    key('0000000d', 0),
  ]
  expect(longRevoked(keys, NOW)).toEqual(['key:0000000c', 'key:0000000d'])
})
