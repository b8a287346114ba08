import { expect, it } from 'vitest'
import { asVector, createPostgresFeed } from '../../../src/catalogue/postgres/index-feed.ts'
import type { IndexedOffer } from '../../../src/catalogue/ranking/vector-index.ts'

const UNPRICED = {
  source: 'parse',
  price_min: null,
  moq: null,
  city: null,
  province: null,
  seller_kind: null,
  badges: null,
  vectors: null,
}

it('sees a transaction that commits after one that began later', async () => {
  /** Transactions: those that ended, and the rows they wrote. */
  const ended = new Set([1, 3])
  const rows = [1, 2, 3].map(changed => ({ id: changed, changed }))
  let next = 4
  const query = async (_statement: unknown, values: readonly unknown[] = []) => {
    const underWay = Array.from({ length: next }, (_, number) => number).filter(
      number => number > 0 && !ended.has(number),
    )
    if (values.length === 0) return [{ happened: 0, since: String(underWay[0] ?? next), until: String(next) }]
    const [, changed, id, until] = values.map(Number)
    return rows
      .filter(row => ended.has(row.changed))
      .filter(row => row.changed > (changed ?? 0) || (row.changed === changed && row.id > (id ?? 0)))
      .filter(row => values[3] === null || row.changed < (until ?? 0))
      .map(({ id, changed: last }) => ({ ...UNPRICED, id, changed: String(last), offer_id: String(id) }))
  }
  const put: number[] = []
  const index = {
    put: ({ id }: IndexedOffer) => void put.push(id),
    clear: () => undefined,
    rank: () => Promise.reject(new Error('not asked')),
  }
  const tables = { query, transact: () => Promise.reject(), alone: () => Promise.reject() }
  const catchUp = createPostgresFeed(tables, index, 'model')
  const caughtUp = async () => {
    put.length = 0
    await catchUp(async () => undefined)
    return put
  }

  expect(await caughtUp()).toEqual([1, 3])
  ended.add(2)
  expect(await caughtUp()).toEqual([2, 3])
  expect(await caughtUp()).toEqual([])
  rows.push({ id: 4, changed: next })
  ended.add(next++)
  expect(await caughtUp()).toEqual([4])
})

it('reads half-precision numbers as the integers that were written', () => {
  const numbers = Array.from({ length: 256 }, (_, index) => index - 128)
  const bytes = Buffer.alloc(4 + 2 * numbers.length)
  bytes.writeUInt16BE(numbers.length, 0)
  for (const [at, number] of numbers.entries()) bytes.writeUInt16BE(halfOf(number), 4 + 2 * at)
  expect([...asVector(bytes)]).toEqual(numbers)
})

/** IEEE 754 by way of a single: its exponent is 112 more, and 13 bits of its fraction are nought for whole numbers up to 2,048. */
function halfOf(number: number): number {
  const single = new DataView(new ArrayBuffer(4))
  single.setFloat32(0, number)
  const bits = single.getUint32(0)
  if (number === 0) return 0
  return ((bits >>> 16) & 0x8000) | ((((bits >>> 23) & 0xff) - 112) << 10) | ((bits >>> 13) & 0x3ff)
}
