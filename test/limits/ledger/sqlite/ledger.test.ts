import { expect, test } from 'vitest'
import type { Allowance } from '../../../../src/limits/ledger/allowance.ts'
import { describeLedger } from '../../../contract/ledger-suite.ts'
import { createLedgerFixture } from '../../../support/ledger-fixture.ts'
import { createVirtualClock } from '../../../support/virtual-clock.ts'

describeLedger('SQLite', async () => {
  const fixture = createLedgerFixture()
  const clock = createVirtualClock()
  return {
    open: async allowance => fixture.open(allowance, clock),
    pass: clock.pass,
    setWallTo: at => clock.setWall(at - clock.now()),
    remove: async () => fixture.remove(),
  }
})

const ONE_A_MINUTE: Allowance = { callsPerMinute: 1, creditsPerMonth: null, creditResetDay: null }

test('a restart of the machine goes on by the wall clock', async () => {
  const fixture = createLedgerFixture()
  const clock = createVirtualClock()
  const ledger = fixture.open(ONE_A_MINUTE, clock)
  await ledger.acquire('before', 1)
  clock.restart(45_600)
  expect(await ledger.acquire('after', 1)).toMatchObject({ granted: false, retryAfterMs: 15_000 })
  await ledger.close()
  fixture.remove()
})

test('a process whose monotonic clock is another machine’s does not end slots early', async () => {
  const fixture = createLedgerFixture()
  const clock = createVirtualClock()
  const stranger = { ...clock, monotonic: () => clock.monotonic() + 500_000 }
  const [ledger, other] = [fixture.open(ONE_A_MINUTE, clock), fixture.open(ONE_A_MINUTE, stranger)]
  await ledger.acquire('here', 1)
  for (let turn = 0; turn < 5; turn++) {
    clock.pass(1_000)
    expect((await other.acquire('there', 1)).granted).toBe(false)
    expect((await ledger.acquire('here', 1)).granted).toBe(false)
  }
  await ledger.close()
  await other.close()
  fixture.remove()
})

test('waits for another process’s transaction without blocking', async () => {
  const fixture = createLedgerFixture()
  const ledger = fixture.open(ONE_A_MINUTE, createVirtualClock())
  fixture.database.exec('BEGIN IMMEDIATE')
  const patient = ledger.acquire('patient', 1)
  fixture.database.exec('ROLLBACK')
  expect(await patient).toMatchObject({ granted: true })
  await ledger.close()
  fixture.remove()
})

test('says so when its file cannot be used', async () => {
  const fixture = createLedgerFixture()
  const ledger = fixture.open(ONE_A_MINUTE, createVirtualClock())
  fixture.database.exec('DROP TABLE calls')
  await expect(ledger.acquire('ticket', 1)).rejects.toMatchObject({ code: 'store_unavailable', retryable: true })
  await ledger.close()
  fixture.remove()
})

test('calls of more than two months ago are not kept', async () => {
  const fixture = createLedgerFixture()
  const clock = createVirtualClock()
  const ledger = fixture.open(ONE_A_MINUTE, clock)
  await ledger.acquire('old', 1)
  clock.pass(63 * 86_400_000)
  await ledger.acquire('new', 1)
  expect(fixture.database.prepare('SELECT count(*) AS value FROM calls').get()).toEqual({ value: 1 })
  await ledger.close()
  fixture.remove()
})
