import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readCostSettings } from '../../src/app/cost-settings.ts'
import { resolveTerms } from '../../src/use-cases/buying/cost-terms.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-costs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (content: unknown): string => {
  const file = path.join(folder, 'costs.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('the settings file', () => {
  it('gives a caller on this machine its rates, and callers over HTTP only shared ones', async () => {
    const own = write({ freight_per_kg: 6.5, currency: 'USD', exchange_rate: 7.1 })
    expect(await readCostSettings(own, true)).toMatchObject({ origin: 'settings', rates: { freightPerKg: 6.5 } })
    expect(await readCostSettings(own, false)).toEqual({ origin: 'server default', rates: {} })
    const shared = write({ shared: true, freight_per_kg: 6.5 })
    expect(await readCostSettings(shared, false)).toMatchObject({
      origin: 'server default',
      rates: { freightPerKg: 6.5 },
    })
  })

  it('may be missing', async () => {
    expect(await readCostSettings(path.join(folder, 'none.json'), true)).toMatchObject({ rates: {} })
    expect(await readCostSettings(path.join(folder, 'costs.json', 'below-a-file'), true)).toMatchObject({ rates: {} })
    expect(await readCostSettings(null, true)).toMatchObject({ rates: {} })
  })

  it.each([
    ['{', 'not valid JSON'],
    ['[]', 'cannot be used'],
    [{ freight_per_kg: '6.5' }, 'freight_per_kg'],
    [{ freight: 6.5 }, 'freight'],
    [{ vat_rate: -1 }, 'vat_rate'],
  ])('is refused with what is wrong in it: %j', async (content, what) => {
    await expect(readCostSettings(write(content), true)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(what),
    })
  })
})

describe('the terms of an estimate', () => {
  const settings = { currency: 'USD', exchangeRate: 7.1, freightPerKg: 6.5, dutyRate: 4, fees: 60 }

  it('come from the arguments first, and say so', () => {
    const { terms, currency } = resolveTerms({ dutyRate: 2.5, vatRate: 20 }, settings, 'settings')
    expect(terms).toMatchObject({
      freightPerKg: { value: 46_150_000n, origin: 'settings' },
      dutyRate: { value: 25_000n, origin: 'argument' },
      vatRate: { value: 200_000n, origin: 'argument' },
      fees: { value: 42_600n, origin: 'settings' },
      freightPerCbm: null,
      dutyBasis: 'cif',
    })
    expect(currency).toEqual({
      code: 'USD',
      rate: { value: 7_100_000n, origin: 'settings' },
      date: null,
      isStale: false,
    })
  })

  it('keep amounts of the settings in their own currency when a call names another', () => {
    const { terms, currency } = resolveTerms({ currency: 'EUR', exchangeRate: 7.8, fees: 10 }, settings, 'settings')
    expect(terms.freightPerKg?.value).toBe(46_150_000n)
    expect(terms.fees).toEqual({ value: 7_800n, origin: 'argument' })
    expect(currency?.code).toBe('EUR')
  })

  it.each([
    [{ currency: 'EUR' }, 'The exchange rate for EUR is missing.'],
    [{ exchangeRate: 0.14 }, 'USD for one CNY'],
    [{ exchangeRate: 71 }, 'cannot be CNY for one USD'],
    [{ currency: '€uro', exchangeRate: 7 }, 'is not a currency'],
    [{ vatRate: 0.2 }, 'would be 0.2 %'],
  ])('refuse what cannot be meant: %j', (given, message) => {
    expect(() => resolveTerms(given, settings, 'settings')).toThrow(message)
  })
})
