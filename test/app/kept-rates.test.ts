import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKeptRates } from '../../src/app/kept-rates.ts'
import { createExchangeRates, type FetchedRate } from '../../src/costs/rates/rates.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const DAY_MS = 86_400_000
const { signal } = new AbortController()

describe('exchange rates on disk', () => {
  let dir: TempDir
  let time = 0
  let fetched = 0
  beforeEach(() => {
    dir = makeTempDir()
    time = Date.parse('2026-11-27T12:00:00Z')
    fetched = 0
  })
  afterEach(() => dir.remove())

  /** As after a restart. */
  const rates = (found: FetchedRate | Error = { cny: 7.1, date: '2026-11-27' }) => {
    const fetchRate = async () => {
      fetched++
      if (found instanceof Error) throw found
      return found
    }
    const sources = { ecb: fetchRate, frankfurter: fetchRate }
    return createExchangeRates('ecb', { now: () => time, sources, kept: createKeptRates(dir.path) })
  }

  it('survive a restart for a day', async () => {
    expect(await rates().find('USD', signal)).toMatchObject({ value: 7_100_000n, date: '2026-11-27' })
    time += DAY_MS - 1
    expect(await rates().find('USD', signal)).toMatchObject({ value: 7_100_000n, isStale: false })
    expect(fetched).toBe(1)
    time += 2
    await rates({ cny: 7.2, date: '2026-11-28' }).find('USD', signal)
    expect(fetched).toBe(2)
  })

  it('stand in when the source fails after a restart, and say when they are old', async () => {
    await rates().find('USD', signal)
    time += 8 * DAY_MS
    expect(await rates(new Error('down')).find('USD', signal)).toMatchObject({ date: '2026-11-27', isStale: true })
    time += 30 * DAY_MS
    await expect(rates(new Error('down')).find('USD', signal)).rejects.toThrow('down')
  })

  it('that are damaged, implausible or from the future are fetched again', async () => {
    const file = path.join(dir.path, 'rates.json')
    const kept = (cny: number, fetchedAt: number) =>
      JSON.stringify({ ecb: { USD: { cny, date: '2026-11-27', fetchedAt } }, frankfurter: {} })
    for (const text of ['{"ecb"', kept(0.14, time), kept(7.1, time + 1)]) {
      writeFileSync(file, text)
      await rates().find('USD', signal)
    }
    expect(fetched).toBe(3)
    expect(readFileSync(file, 'utf8')).toContain('"cny":7.1')
  })
})
