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

testOn(['linux'], 'refuses a network file system and says where to go', async () => {
  await expect(openHere({ typeOf: () => 0x6969 }).usage()).rejects.toMatchObject({
    code: 'store_unavailable',
    message: expect.stringContaining('NFS'),
  })
})

testOn(['linux'], 'knows a type that comes sign-extended', async () => {
  await expect(openHere({ typeOf: () => -11317950 }).usage()).rejects.toMatchObject({
    message: expect.stringContaining('CIFS'),
  })
})

test('says when the folder cannot be made', async () => {
  const file = path.join(dataDir, 'file')
  writeFileSync(file, '')
  await expect(openHere({ dataDir: path.join(file, 'data') }).usage()).rejects.toMatchObject({
    code: 'store_unavailable',
  })
})

const folder = () => path.join(dataDir, 'data')
const copies = () => readdirSync(folder()).filter(name => name.includes('.copy-'))

test('is copied once a day while used, and three copies are kept', async () => {
  let wall = Date.now()
  const ledger = openHere({ clock: { ...systemClock, now: () => wall } })
  for (let day = 0; day < 5; day++) {
    await ledger.acquire('ticket', 1)
    await ledger.usage()
    expect(copies()).toHaveLength(Math.min(3, day + 1))
    for (const name of copies()) expect(statSync(path.join(folder(), name)).mode & 0o777).toBe(0o600)
    wall += 2 * 86_400_000
  }
  await ledger.close()
})
