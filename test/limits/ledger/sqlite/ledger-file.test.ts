import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type LedgerFileOptions,
  ledgerFileName,
  openLedgerFile,
} from '../../../../src/limits/ledger/sqlite/ledger-file.ts'
import { systemClock } from '../../../../src/time/clock.ts'
import { testOn } from '../../../support/test-on.ts'

const allowance = { callsPerMinute: 5, creditsPerMonth: 100, creditResetDay: null }
let dataDir: string
const openHere = (options: Partial<LedgerFileOptions> = {}) =>
  openLedgerFile({
    dataDir: path.join(dataDir, 'data'),
    account: 'pmx_secret',
    allowance,
    clock: systemClock,
    ...options,
  })

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'mcp-1688-'))
})
afterEach(() => {
  rmSync(dataDir, { recursive: true })
})

test('is named by a hash of the key and readable by its owner only', async () => {
  // printf pmx_secret | sha256sum
  expect(ledgerFileName('pmx_secret')).toBe('ledger-c2d88c52ec7c55ec.db')
  const ledger = openHere()
  await ledger.acquire('ticket', 1)
  const files = readdirSync(path.join(dataDir, 'data'))
  expect(files).toContain(ledgerFileName('pmx_secret'))
  for (const file of files) expect(statSync(path.join(dataDir, 'data', file)).mode & 0o777).toBe(0o600)
  expect(statSync(path.join(dataDir, 'data')).mode & 0o777).toBe(0o700)
  await ledger.close()
})

test('two openings of a key share its count, another key does not', async () => {
  const [one, two, other] = [openHere(), openHere(), openHere({ account: 'pmx_other' })]
  await one.acquire('ticket', 1)
  expect((await two.usage()).creditsUsed).toBe(1)
  expect((await other.usage()).creditsUsed).toBe(0)
  for (const ledger of [one, two, other]) await ledger.close()
})

testOn(['linux'], 'refuses a network file system and says where to go', () => {
  expect(() => openHere({ typeOf: () => 0x6969 })).toThrow(
    expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining('NFS') }),
  )
})

testOn(['linux'], 'knows a type that comes sign-extended', () => {
  expect(() => openHere({ typeOf: () => -11317950 })).toThrow(
    expect.objectContaining({ message: expect.stringContaining('CIFS') }),
  )
})

test('says when the folder cannot be made', () => {
  const file = path.join(dataDir, 'file')
  writeFileSync(file, '')
  expect(() => openHere({ dataDir: path.join(file, 'data') })).toThrow(
    expect.objectContaining({ code: 'store_unavailable' }),
  )
})
