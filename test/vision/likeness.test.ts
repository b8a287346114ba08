import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { referenceOf } from '../../src/catalogue/ranking/reference.ts'
import { LIKENESSES } from '../../src/offers/results/results.ts'
import { BUILTIN_ID, PREVIOUS_ID } from '../../src/vision/builtin/id.ts'
import {
  isNothingAlike,
  likenessOf,
  type OtherThings,
  sameThingCosine,
  similarityOf,
} from '../../src/vision/likeness.ts'

const cosines = fc.double({ min: -1, max: 1, noNaN: true })
const reference: fc.Arbitrary<OtherThings> = fc.record({
  tenth: fc.double({ min: 0, max: 0.9, noNaN: true }),
  fiftieth: fc.double({ min: 0, max: 0.9, noNaN: true }),
  others: fc.integer({ min: 0, max: 1_000_000 }),
})
const few: OtherThings = { tenth: 0.3, fiftieth: 0.2, others: 59 }
const wordOf = (cosine: number, others: OtherThings = few) => likenessOf(cosine, BUILTIN_ID, others)

describe('the word for a cosine among few offers', () => {
  it.each([
    [-1, 'not alike'],
    [0.4499, 'not alike'],
    [0.45, 'similar'],
    [0.5599, 'similar'],
    [0.56, 'probably the same item'],
    [0.6599, 'probably the same item'],
    [0.66, 'same item'],
    [1, 'same item'],
  ])('%f is %s', (cosine, word) => expect(wordOf(cosine)).toBe(word))

  it('is not invented for an uncalibrated model', () => {
    expect(likenessOf(0.9, 'onnx-0123456789abcdef/1', few)).toBeNull()
  })

  it('is never "same item" by the previous model', () => {
    expect(likenessOf(1, PREVIOUS_ID, few)).toBe('probably the same item')
  })
})

describe('the word for a cosine among many offers', () => {
  it.each([
    ['stands out clearly', 0.77, 0.45, 0.4, 'same item'],
    ['stands out a little', 0.73, 0.48, 0.42, 'probably the same item'],
    ['is one of many that are as near', 0.75, 0.72, 0.7, 'similar'],
    ['stands out, but is far', 0.42, 0.2, 0.18, 'not alike'],
  ])('of an offer that %s (%f, tenth %f, fiftieth %f) is %s', (_what, cosine, tenth, fiftieth, word) => {
    expect(wordOf(cosine, { tenth, fiftieth, others: 1000 })).toBe(word)
  })

  it('never gets better as the cosine falls, whatever else is near', () => {
    fc.assert(
      fc.property(cosines, cosines, reference, (a, b, others) => {
        const [low, high] = [wordOf(Math.min(a, b), others), wordOf(Math.max(a, b), others)]
        expect(rankOf(low)).toBeGreaterThanOrEqual(rankOf(high))
      }),
    )
  })
})

describe('twenty sellers of one product', () => {
  const candidate = (id: number, cosine: number) => ({ id, offerId: String(10_000 + id), source: 'tmapi', cosine })
  const sellers = Array.from({ length: 20 }, (_, index) => candidate(index, 0.78 - index / 1000))
  const others = Array.from({ length: 200 }, (_, index) => candidate(100 + index, 0.45 - index / 1000))
  const all = [...sellers, ...others]
  const toNearest = (alike: number) => all.map((_, index) => (index < sellers.length ? alike : 0.4))
  const sameThing = sameThingCosine(BUILTIN_ID)

  it('do not take the word from each other if their photos are alike', () => {
    const alike = referenceOf(all, toNearest(sameThing), { sameThing, found: new Set() }, 5000)
    expect(wordOf(0.78, alike)).toBe('same item')
    expect(alike).toEqual({ tenth: 0.441, fiftieth: 0.401, others: 4980 })
    const unlike = referenceOf(all, toNearest(sameThing - 0.01), { sameThing, found: new Set() }, 5000)
    expect(unlike.tenth).toBe(0.77)
    expect(wordOf(0.78, unlike)).toBe('similar')
  })

  it('nor if an upstream found them for the picture', () => {
    const found = new Set(sellers.map(({ offerId, source }) => `${source}\n${offerId}`))
    const reference = referenceOf(all, toNearest(0.3), { sameThing, found }, 5000)
    expect(reference.tenth).toBe(0.441)
    expect(wordOf(0.78, reference)).toBe('same item')
  })
})

describe('the similarity that is shown', () => {
  it('is 0..1, grows with the cosine, and is 0.5 where offers begin to be similar', () => {
    fc.assert(
      fc.property(cosines, cosines, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(similarityOf(low, BUILTIN_ID)).toBeLessThanOrEqual(similarityOf(high, BUILTIN_ID))
        expect(similarityOf(low, BUILTIN_ID)).toBeGreaterThanOrEqual(0)
        expect(similarityOf(high, BUILTIN_ID)).toBeLessThanOrEqual(1)
        expect(similarityOf(a, BUILTIN_ID) >= 0.5).toBe(a >= 0.45)
      }),
    )
  })

  it('is 1 for the same picture', () => {
    expect(similarityOf(0.97, BUILTIN_ID)).toBe(1)
    expect(similarityOf(0, BUILTIN_ID)).toBe(0)
  })
})

it('nothing alike is known only if even the best cosine is low', () => {
  expect([0.2, 0.349].map(cosine => isNothingAlike(cosine, BUILTIN_ID))).toEqual([true, true])
  expect([0.35, 0.5].map(cosine => isNothingAlike(cosine, BUILTIN_ID))).toEqual([false, false])
  expect(isNothingAlike(0.1, 'onnx-0123456789abcdef/1')).toBe(false)
})

function rankOf(word: ReturnType<typeof likenessOf>): number {
  return word === null ? Number.NaN : LIKENESSES.indexOf(word)
}
