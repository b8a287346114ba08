import { expect, it } from 'vitest'
import type { PriceTier } from '../../../src/offers/price/ladder.ts'
import { ladderOf } from '../../../src/offers/price/ladder.ts'

const step = (minQuantity: number, cny: number): PriceTier => ({
  minQuantity,
  price: { text: String(cny), min: cny, max: cny },
})

it('is ascending in quantity, in whatever order the steps come', () => {
  const steps = [step(300, 25.9), step(1, 29.89), step(100, 27.6)]
  expect(ladderOf(steps).map(({ minQuantity }) => minQuantity)).toEqual([1, 100, 300])
  expect(steps[0]?.minQuantity).toBe(300)
})

it('is empty for one step, which is the price, and for prices of variants at one quantity', () => {
  expect(ladderOf([])).toEqual([])
  expect(ladderOf([step(2, 10)])).toEqual([])
  expect(ladderOf([step(2, 8), step(2, 25.65)])).toEqual([])
})
