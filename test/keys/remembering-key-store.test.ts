import { expect, test } from 'vitest'
import { createAccounts } from '../../src/keys/account.ts'
import type { ApiKey, KeyStore } from '../../src/keys/api-key.ts'
import { createRememberingKeyStore } from '../../src/keys/remembering-key-store.ts'
import { databaseUnavailable } from '../../src/store/postgres.ts'
import { createLedgerFixture } from '../support/ledger-fixture.ts'
import { createVirtualClock } from '../support/virtual-clock.ts'

const KEY: ApiKey = { id: '12345678', name: 'Ana', tier: 'free', createdAt: 0, expiresAt: null, revokedAt: null }
const away = databaseUnavailable(new Error('connect'))

/** A store that can be away. */
function createFickleStore() {
  const state: { isAway: boolean; key: ApiKey | null } = { isAway: false, key: KEY }
  const answer = async <T>(value: T): Promise<T> => {
    if (state.isAway) throw away
    return value
  }
  const never = (): Promise<never> => Promise.reject(new Error('not asked here'))
  const store: KeyStore = {
    add: never,
    revoke: never,
    rotate: never,
    list: never,
    find: () => answer(state.key),
    isEmpty: () => answer(state.key === null),
    close: async () => undefined,
  }
  return { state, store }
}

test('who was known before the database went away is known for ten minutes, and nobody else', async () => {
  const clock = createVirtualClock()
  const { state, store } = createFickleStore()
  const remembering = createRememberingKeyStore(store, clock)
  expect(await remembering.find('known')).toEqual(KEY)
  state.isAway = true
  expect(await remembering.find('known')).toEqual(KEY)
  await expect(remembering.find('guessed')).rejects.toBe(away)
  await expect(remembering.isEmpty()).rejects.toBe(away)
  clock.pass(600_001)
  await expect(remembering.find('known')).rejects.toBe(away)
})

test('a key that is gone is forgotten, and whether there are keys is remembered', async () => {
  const { state, store } = createFickleStore()
  const remembering = createRememberingKeyStore(store, createVirtualClock())
  expect(await remembering.isEmpty()).toBe(false)
  await remembering.find('text')
  state.key = null
  expect(await remembering.find('text')).toBeNull()
  state.isAway = true
  await expect(remembering.find('text')).rejects.toBe(away)
  expect(await remembering.isEmpty()).toBe(false)
})

test.each([
  { isUpstreamCountedThere: true, outcome: 'let in, and what they cost after all is counted' },
  { isUpstreamCountedThere: false, outcome: 'refused' },
])(
  'where the upstream is counted there is $isUpstreamCountedThere, callers of a ledger that is away are $outcome',
  async options => {
    const fixture = createLedgerFixture()
    const clock = createVirtualClock()
    const allowance = { callsPerMinute: null, creditsPerMonth: 100, creditResetDay: null }
    const ledger = fixture.open(allowance, clock)
    let isLedgerAway = true
    const accounts = createAccounts({
      ...options,
      clock,
      openLedger: () => ({
        ...ledger,
        acquire: (...args) => (isLedgerAway ? Promise.reject(away) : ledger.acquire(...args)),
      }),
    })
    const admitting = accounts.of('holder', 'free').admit(1)
    if (options.isUpstreamCountedThere) {
      const call = await admitting
      await call.settle(0)
      isLedgerAway = false
      await call.settle(2)
      expect((await ledger.usage()).creditsUsed).toBe(2)
    } else {
      await expect(admitting).rejects.toBe(away)
    }
    await accounts.close()
    fixture.remove()
  },
)
