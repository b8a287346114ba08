import { expect, test } from 'vitest'
import { createAccounts } from '../../src/keys/account.ts'
import type { ApiKey, KeyStore } from '../../src/keys/api-key.ts'
import { createFallbackKeyStore } from '../../src/keys/fallback-key-store.ts'
import { databaseUnavailable } from '../../src/store/postgres.ts'
import { createLedgerFixture } from '../support/ledger-fixture.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const KEY: ApiKey = {
  id: '12345678',
  name: 'Ana',
  tier: 'free',
  rights: [],
  ownOffers: 10_000,
  createdAt: 0,
  expiresAt: null,
  revokedAt: null,
}
const unavailable = databaseUnavailable(new Error('connect'))

function createUnreliableStore() {
  const state: { isDown: boolean; key: ApiKey | null } = { isDown: false, key: KEY }
  const answer = async <T>(value: T): Promise<T> => {
    if (state.isDown) throw unavailable
    return value
  }
  const never = (): Promise<never> => Promise.reject(new Error('not called in this test'))
  const store: KeyStore = {
    add: never,
    revoke: never,
    rotate: never,
    list: never,
    allow: never,
    find: () => answer(state.key),
    isEmpty: () => answer(state.key === null),
    areLost: never,
    close: async () => undefined,
  }
  return { state, store }
}

test('a key seen before the database failed is accepted for ten minutes, an unseen key is not', async () => {
  const clock = createVirtualClock()
  const { state, store } = createUnreliableStore()
  const fallback = createFallbackKeyStore(store, clock)
  expect(await fallback.find('known')).toEqual(KEY)
  state.isDown = true
  expect(await fallback.find('known')).toEqual(KEY)
  await expect(fallback.find('guessed')).rejects.toBe(unavailable)
  await expect(fallback.isEmpty()).rejects.toBe(unavailable)
  clock.pass(600_001)
  await expect(fallback.find('known')).rejects.toBe(unavailable)
})

test('a deleted key is forgotten, and whether there are keys is remembered', async () => {
  const { state, store } = createUnreliableStore()
  const fallback = createFallbackKeyStore(store, createVirtualClock())
  expect(await fallback.isEmpty()).toBe(false)
  await fallback.find('text')
  state.key = null
  expect(await fallback.find('text')).toBeNull()
  state.isDown = true
  await expect(fallback.find('text')).rejects.toBe(unavailable)
  expect(await fallback.isEmpty()).toBe(false)
})

test.each([
  { sharesUpstreamStore: true, outcome: 'admits the call and counts what it spends later' },
  { sharesUpstreamStore: false, outcome: 'refuses the call' },
])('with sharesUpstreamStore $sharesUpstreamStore, an account whose ledger is unavailable $outcome', async options => {
  const fixture = createLedgerFixture()
  const clock = createVirtualClock()
  const allowance = { callsPerMinute: null, creditsPerMonth: 100, creditResetDay: null }
  const ledger = fixture.open(allowance, clock)
  let isLedgerDown = true
  const accounts = createAccounts({
    ...options,
    clock,
    openLedger: () => ({
      ...ledger,
      acquire: (...args) => (isLedgerDown ? Promise.reject(unavailable) : ledger.acquire(...args)),
    }),
  })
  const admitting = accounts.of('holder', 'free').admit(1)
  if (options.sharesUpstreamStore) {
    const call = await admitting
    await call.settle(0)
    isLedgerDown = false
    await call.settle(2)
    expect((await ledger.usage()).creditsUsed).toBe(2)
  } else {
    await expect(admitting).rejects.toBe(unavailable)
  }
  await accounts.close()
  fixture.remove()
})
