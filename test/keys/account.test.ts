import { expect, onTestFinished, test } from 'vitest'
import { createAccounts, MAX_OPEN_ACCOUNTS } from '../../src/keys/account.ts'
import { openLedgerFile } from '../../src/limits/ledger/sqlite/ledger-file.ts'
import { systemClock } from '../../src/time/clock.ts'
import { makeTempDir } from '../support/program.ts'

/** `open` contains the holders whose ledgers are open. */
function setUp() {
  const dir = makeTempDir()
  const open = new Set<string>()
  const accounts = createAccounts({
    openLedger: (holder, allowance) => {
      const ledger = openLedgerFile({ dataDir: dir.path, account: holder, allowance, clock: systemClock })
      open.add(holder)
      return {
        ...ledger,
        close: async () => {
          open.delete(holder)
          await ledger.close()
        },
      }
    },
    sharesUpstreamStore: false,
    clock: systemClock,
  })
  onTestFinished(async () => {
    await accounts.close()
    expect(open.size).toBe(0)
    dir.remove()
  })
  const call = async (holder: string) => {
    const call = await accounts.of(holder, 'developer').admit(0)
    await call.settle(0)
  }
  return { accounts, open, call }
}

test('the least recently used ledgers are closed, and opened again at the next call', async () => {
  const { accounts, open, call } = setUp()
  await call('first')
  const busy = await accounts.of('busy', 'developer').admit(1)
  for (let holder = 0; holder < MAX_OPEN_ACCOUNTS; holder++) await call(`holder ${holder}`)
  expect(open.size).toBe(MAX_OPEN_ACCOUNTS)
  expect(open).not.toContain('first')
  // A call under way keeps its ledger open.
  expect(open).toContain('busy')
  expect(await busy.settle(1)).toBe(1)

  await call('first')
  expect(open).toContain('first')
  expect(await accounts.of('first', 'developer').usage()).toMatchObject({ creditsUsed: 0 })
  expect(await accounts.of('busy', 'developer').usage()).toMatchObject({ creditsUsed: 1 })
})
