import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { chargeServices } from '../../../src/http/access/payer.ts'
import { type Accounts, createAccounts } from '../../../src/keys/account.ts'
import type { Ledger } from '../../../src/limits/ledger/ledger.ts'
import { storeUnavailable } from '../../../src/store/unavailable.ts'
import type { Services } from '../../../src/use-cases/use-cases.ts'
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
  const caller = {
    id: 'ana',
    owner: 'key:ana',
    rights: [],
    tier: 'free',
    mostOffers: 10_000,
    account: accounts.of('ana', 'free'),
  }
  const { services, lastCost } = chargeServices(caller, createStubServices())
  const call = { signal: new AbortController().signal }
  const { details, credits } = await services.getDetails({ offerId: OFFER.offerId }, call)
  expect([details, credits]).toEqual([OFFER, { spent: 1, remaining: 99 }])
  expect(lastCost()?.credits.spent).toBe(1)
  expect((await ledger.usage()).creditsUsed).toBe(1)
})

test('a failed call reports its own error even if it cannot be settled', async () => {
  const caller = {
    id: 'ana',
    owner: 'key:ana',
    rights: [],
    tier: 'free',
    mostOffers: 10_000,
    account: accounts.of('ana', 'free'),
  }
  const { services } = chargeServices(caller, createStubServices())
  const call = { signal: new AbortController().signal }
  await expect(services.getDetails({ offerId: '7000000009' }, call)).rejects.toMatchObject({
    code: 'not_found',
    creditsSpent: 1,
  })
})

const CALL = { signal: new AbortController().signal }

/** Services whose details calls reserve, may send a request, and are then cancelled by their caller. */
function leaving(sent: ((takeCost: (credits: number) => void) => void) | null): Services {
  const getDetails: Services['getDetails'] = async (_request, { payer }) => {
    await payer?.reserve(2)
    if (payer) sent?.(payer.sent())
    throw new AppError({ code: 'cancelled', message: 'The call was cancelled.', hint: 'Call again.' })
  }
  const caller = {
    id: 'ana',
    owner: 'key:ana',
    rights: [],
    tier: 'free',
    mostOffers: 10_000,
    account: accounts.of('ana', 'free'),
  }
  return chargeServices(caller, { ...createStubServices(), getDetails }).services
}

const leave = (services: Services) =>
  expect(services.getDetails({ offerId: OFFER.offerId }, CALL)).rejects.toMatchObject({ code: 'cancelled' })

test('a caller who leaves is charged when the cost of its request is known, and nothing if nothing was sent', async () => {
  const creditsUsed = async () => (await accounts.of('ana', 'free').usage()).creditsUsed
  // The first settlement fails in this fixture, so its reservation stays.
  await leave(leaving(null))
  await leave(leaving(null))
  expect(await creditsUsed()).toBe(2)
  let takeCost: ((credits: number) => void) | undefined
  await leave(
    leaving(take => {
      takeCost = take
    }),
  )
  expect(await creditsUsed()).toBe(4)
  takeCost?.(1)
  await expect.poll(creditsUsed).toBe(3)
})

test('a request that outlives the server stays charged as reserved, and opens no ledger again', async () => {
  let takeCost: ((credits: number) => void) | undefined
  await leave(
    leaving(take => {
      takeCost = take
    }),
  )
  const opened = ledger
  await accounts.close()
  takeCost?.(0)
  expect(ledger).toBe(opened)
})
