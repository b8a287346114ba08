import { describe, expect, it } from 'vitest'
import { createTextFetcher } from '../../../src/costs/rates/fetch-text.ts'
import { createExchangeRates, type FetchRate } from '../../../src/costs/rates/rates.ts'
import { createEcb, createFrankfurter, type TextAnswer } from '../../../src/costs/rates/sources.ts'
import { fxSpec } from '../../../src/option-values.ts'

const DAY = 86_400_000
const TODAY = Date.parse('2026-11-27T12:00:00Z')
const { signal } = new AbortController()
const never: FetchRate = async () => {
  throw new Error('asked')
}
const answer =
  (text: string, status = 200) =>
  async (): Promise<TextAnswer> => ({ status, text })

// The form that https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates describes.
const ECB = `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope><Cube><Cube time='2026-11-27'>
  <Cube currency='USD' rate='1.1'/><Cube currency='JPY' rate='165.00'/><Cube currency='CNY' rate='7.81'/></Cube></Cube></gesmes:Envelope>`

describe('sources of exchange rates', () => {
  it('the daily file of the European Central Bank gives CNY for one unit of each currency', async () => {
    const rateOf = createEcb(answer(ECB))
    expect(await rateOf('EUR', signal)).toEqual({ cny: 7.81, date: '2026-11-27' })
    expect((await rateOf('USD', signal))?.cny).toBeCloseTo(7.1, 10)
    expect((await rateOf('JPY', signal))?.cny).toBeCloseTo(0.047333, 6)
    expect(await rateOf('XAU', signal)).toBeNull()
  })

  it('Frankfurter gives one rate', async () => {
    const body = '{"date":"2026-11-27","base":"USD","quote":"CNY","rate":7.1}'
    expect(await createFrankfurter(answer(body))('USD', signal)).toEqual({ cny: 7.1, date: '2026-11-27' })
    expect(await createFrankfurter(answer('{}', 422))('XXX', signal)).toBeNull()
  })

  it.each([
    ['', 200, 'upstream_changed'],
    ['[]', 200, 'upstream_changed'],
    ['{"date":"2026-11-27","base":"EUR","quote":"CNY","rate":7.8}', 200, 'upstream_changed'],
    ['{"date":"2026-11-27","base":"USD","quote":"CNY","rate":"7.1"}', 200, 'upstream_changed'],
    ['<html/>', 503, 'upstream_unavailable'],
  ])('an answer that is none is an error: %s %d', async (text, status, code) => {
    await expect(createFrankfurter(answer(text, status))('USD', signal)).rejects.toMatchObject({ code })
    await expect(createEcb(answer(text, status))('USD', signal)).rejects.toMatchObject({ code })
  })
})

describe('exchange rates', () => {
  const fetched = (fetch: FetchRate, clock: { now: number }) =>
    createExchangeRates('ecb', { now: () => clock.now, sources: { ecb: fetch, frankfurter: never } })

  it('are fetched once a day, and kept when the source fails, with their date', async () => {
    const clock = { now: TODAY }
    let asked = 0
    let fails = false
    const rates = fetched(async () => {
      asked += 1
      if (fails) throw new Error('down')
      return { cny: 7.1, date: '2026-11-27' }
    }, clock)
    const known = { value: 7_100_000n, from: 'ecb', date: '2026-11-27', isStale: false }
    expect(await rates.find('USD', signal)).toEqual(known)
    clock.now += DAY - 1
    expect(await rates.find('USD', signal)).toEqual(known)
    expect(asked).toBe(1)
    fails = true
    clock.now += 1
    expect(await rates.find('USD', signal)).toEqual(known)
    expect(asked).toBe(2)
    clock.now += 7 * DAY
    expect(await rates.find('USD', signal)).toEqual({ ...known, isStale: true })
    clock.now += 30 * DAY
    await expect(rates.find('USD', signal)).rejects.toThrow('down')
  })

  it('are refused where they cannot be right, or the source has none', async () => {
    const clock = { now: TODAY }
    const inverse = fetched(async () => ({ cny: 0.14, date: '2026-11-27' }), clock)
    await expect(inverse.find('USD', signal)).rejects.toMatchObject({ code: 'upstream_changed' })
    await expect(fetched(async () => null, clock).find('XXX', signal)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('are the user’s own, checked once, or none', async () => {
    const deps = { now: () => TODAY, sources: { ecb: never, frankfurter: never } }
    const own = createExchangeRates({ USD: 7.1 }, deps)
    expect(await own.find('USD', signal)).toEqual({ value: 7_100_000n, from: 'MCP1688_FX', date: null, isStale: false })
    await expect(own.find('EUR', signal)).rejects.toMatchObject({ code: 'not_found' })
    expect(() => createExchangeRates({ USD: 0.14 }, deps)).toThrow('MCP1688_FX: 0.14 cannot be CNY for one USD.')
    expect(await createExchangeRates('off', deps).find('USD', signal)).toBeNull()
  })

  it.each([
    ['ecb', 'ecb'],
    [' Frankfurter', 'frankfurter'],
    ['usd=7.10, EUR=7.80', { USD: 7.1, EUR: 7.8 }],
    ['USD', null],
    ['USD=7,10', null],
    ['USD=-7', null],
  ])('are named by an option: %s', (text, spec) => {
    const parsed = fxSpec.safeParse(text)
    expect(parsed.success ? parsed.data : null).toEqual(spec)
  })

  it('are never fetched from a private address', async () => {
    const { fetchText, close } = createTextFetcher({ https: null, http: null, exempt: '' })
    await expect(fetchText('https://localhost/', signal)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await close()
  })
})
