import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTopK } from '../../../src/catalogue/ranking/top-k.ts'

it('returns the same items as sorting everything', () => {
  const scores = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 400 })
  fc.assert(
    fc.property(scores, fc.integer({ min: 1, max: 30 }), (all, capacity) => {
      const best = createTopK<number>(capacity, (a, b) => a - b)
      for (const [index, score] of all.entries()) best.offer(score, index)
      const sorted = all
        .map((score, item) => ({ score, item }))
        .toSorted((a, b) => b.score - a.score || a.item - b.item)
      expect(best.sorted()).toEqual(sorted.slice(0, capacity))
    }),
  )
})
