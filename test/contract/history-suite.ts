/** What every store of observations must do, on any database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type HistoryStore, MAX_OBSERVATIONS_OF_OFFER, type Sighting } from '../../src/history/history.ts'
import type { Observed } from '../../src/offers/observation.ts'
import { parsePrice } from '../../src/offers/price/price.ts'

/** A fresh store, seen by two processes. */
export interface HistoryFixture {
  ours: HistoryStore
  theirs: HistoryStore
  remove(): Promise<void>
}

const DAY = 86_400_000
/** Noon (UTC). */
const START = 20_000 * DAY + DAY / 2
const ID = '710000000001'

const priced = (price: string, more: Observed = {}): Observed => {
  const read = parsePrice(price)
  return { ...(read && { price: read }), ...more }
}
const sighting = (facts: Observed, seenAt: number, more: Partial<Sighting> = {}): Sighting => ({
  source: 'tmapi',
  offerId: ID,
  kind: 'details',
  facts,
  seenAt,
  ...more,
})

export function describeHistoryStore(name: string, open: () => Promise<HistoryFixture>): void {
  describe(name, () => {
    let fixture: HistoryFixture
    let ours: HistoryStore
    let theirs: HistoryStore
    beforeEach(async () => {
      fixture = await open()
      ;({ ours, theirs } = fixture)
    })
    afterEach(() => fixture.remove())

    const pastOf = async (store: HistoryStore, more: Partial<Parameters<HistoryStore['past']>[0]> = {}) =>
      store.past({ sources: ['tmapi'], offerId: ID, kind: 'details', limit: 10, ...more })
    const pricesOf = async (store: HistoryStore, more = {}) =>
      (await pastOf(store, more)).map(({ facts }) => facts.price?.text)

    test('keeps each answer that differs from the last, newest first', async () => {
      await ours.observe([sighting(priced('3.20'), START)])
      await theirs.observe([sighting(priced('3.20'), START + 1_000)])
      await ours.observe([sighting(priced('2.85'), START + DAY)])
      await theirs.observe([sighting(priced('3.20'), START + 2 * DAY)])
      expect(await pastOf(theirs)).toEqual([
        { facts: priced('3.20'), lastAt: START + 2 * DAY },
        { facts: priced('2.85'), lastAt: START + DAY },
        { facts: priced('3.20'), lastAt: START },
      ])
      expect(await pricesOf(ours, { limit: 2 })).toEqual(['3.20', '2.85'])
    })

    test('an answer that says the same moves the date by days', async () => {
      await ours.observe([sighting(priced('3.20'), START)])
      await ours.observe([sighting(priced('3.20'), START + 3_600_000)])
      expect(await pastOf(ours)).toMatchObject([{ lastAt: START }])
      await ours.observe([sighting(priced('3.20'), START + 5 * DAY)])
      expect(await pastOf(ours)).toMatchObject([{ lastAt: START + 5 * DAY }])
    })

    test('an unknown value is not a change, and an older answer changes nothing', async () => {
      await ours.observe([sighting(priced('3.20', { moq: 10, status: 'on_sale' }), START)])
      await ours.observe([sighting(priced('3.20'), START + DAY), sighting({}, START + 2 * DAY)])
      await ours.observe([sighting(priced('9.90'), START - DAY)])
      expect(await pastOf(ours)).toEqual([
        { facts: priced('3.20', { moq: 10, status: 'on_sale' }), lastAt: START + DAY },
      ])
      await ours.observe([sighting({ status: 'sold_out' }, START + 3 * DAY)])
      expect(await pastOf(ours)).toMatchObject([
        { facts: { price: { text: '3.20' }, moq: 10, status: 'sold_out' } },
        { facts: { status: 'on_sale' } },
      ])
    })

    test('keeps price, ladder, MOQ, stock, sales and status', async () => {
      const price = parsePrice('2.85')
      if (!price) throw new Error('no price')
      const facts: Observed = {
        price,
        priceTiers: [{ minQuantity: 10, price }],
        moq: 10,
        stock: 0,
        sold: '1万+',
        status: 'sold_out',
      }
      await ours.observe([sighting(facts, START)])
      expect(await pastOf(theirs)).toEqual([{ facts, lastAt: START }])
    })

    test('two owners with the same ID, sources and kinds of answers are kept apart', async () => {
      await ours.observe([
        sighting(priced('1.10'), START, { source: 'import@key:aaaaaaaa', kind: 'listing' }),
        sighting(priced('2.20'), START, { source: 'import@key:bbbbbbbb', kind: 'listing' }),
        sighting(priced('3.30'), START, { kind: 'listing' }),
        sighting(priced('4.40'), START),
      ])
      const anas = { sources: ['import', 'import@key:aaaaaaaa'], kind: 'listing' } as const
      expect(await pricesOf(theirs, anas)).toEqual(['1.10'])
      expect(await pricesOf(theirs, { kind: 'listing' })).toEqual(['3.30'])
      expect(await pricesOf(theirs)).toEqual(['4.40'])
      await theirs.forget('import@key:aaaaaaaa', null)
      expect(await pricesOf(ours, anas)).toEqual([])
      expect(await pricesOf(ours, { sources: ['import@key:bbbbbbbb'], kind: 'listing' })).toEqual(['2.20'])
      await theirs.forget('import@key:bbbbbbbb', ['710000000002', ID])
      expect(await pricesOf(ours, { sources: ['import@key:bbbbbbbb'], kind: 'listing' })).toEqual([])
    })

    test('several answers about one offer at once count in their order', async () => {
      await ours.observe([
        sighting(priced('1.10'), START),
        sighting(priced('2.20'), START + 1),
        sighting(priced('1.10'), START + 2),
        sighting(priced('5.50'), START, { offerId: '710000000002' }),
      ])
      expect(await pricesOf(theirs)).toEqual(['1.10', '2.20', '1.10'])
    })

    test('the oldest observations of an offer make room, and all expire', async () => {
      for (let day = 0; day < MAX_OBSERVATIONS_OF_OFFER + 5; day++) {
        await ours.observe([sighting(priced(`${day + 1}`), START + day * DAY)])
      }
      const all = await pricesOf(theirs, { limit: 1_000 })
      expect(all).toHaveLength(MAX_OBSERVATIONS_OF_OFFER)
      expect(all.at(-1)).toBe('6')
      await theirs.prune(START + (MAX_OBSERVATIONS_OF_OFFER + 3) * DAY)
      expect(await pricesOf(ours, { limit: 1_000 })).toEqual([
        `${MAX_OBSERVATIONS_OF_OFFER + 5}`,
        `${MAX_OBSERVATIONS_OF_OFFER + 4}`,
      ])
    })
  })
}
