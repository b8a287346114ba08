import { afterEach, beforeEach, expect, test } from 'vitest'
import { chargeServices } from '../../../src/http/access/payer.ts'
import { type Accounts, createAccounts } from '../../../src/keys/account.ts'
import type { Ledger } from '../../../src/limits/ledger/ledger.ts'
import { storeUnavailable } from '../../../src/store/sqlite.ts'
import { createLedgerFixture, type LedgerFixture } from '../../support/ledger-fixture.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'
import { createStubServices, OFFER } from '../stub-services.ts'

let fixture: LedgerFixture
let ledger: Ledger
let accounts: Accounts
beforeEach(() => {
  const clock = createVirtualClock()
  fixture = createLedgerFixture()
  let isFull = true
  accounts = createAccounts({
    clock,
    sharesUpstreamStore: false,
    openLedger: (_holder, allowance) => {
      ledger = fixture.open(allowance, clock)
      return {
        ...ledger,
        // The disk is full at the first attempt.
        settle: (...args) => {
          if (!isFull) return ledger.settle(...args)
          isFull = false
          return Promise.reject(storeUnavailable('ledger.db', new Error('disk is full')))
        },
      }
    },
  })
})
afterEach(async () => {
  await accounts.close()
  fixture.remove()
})

test('a paid answer is returned even if it cannot be settled, and counts as spent', async () => {
  const caller = { id: 'ana', tier: 'free', account: accounts.of('ana', 'free') }
  const { services, lastCost } = chargeServices(caller, createStubServices())
  const call = { signal: new AbortController().signal }
  const { details, credits } = await services.getDetails({ offerId: OFFER.offerId }, call)
  expect([details, credits]).toEqual([OFFER, { spent: 1, remaining: 99 }])
  expect(lastCost()?.credits.spent).toBe(1)
  expect((await ledger.usage()).creditsUsed).toBe(1)
})

test('a failed call reports its own error even if it cannot be settled', async () => {
  const caller = { id: 'ana', tier: 'free', account: accounts.of('ana', 'free') }
  const { services } = chargeServices(caller, createStubServices())
  const call = { signal: new AbortController().signal }
  await expect(services.getDetails({ offerId: '7000000009' }, call)).rejects.toMatchObject({
    code: 'not_found',
    creditsSpent: 1,
  })
})
