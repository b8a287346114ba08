import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BUILTIN_ID } from '../../src/vision/builtin/id.ts'
import { likenessOf, similarityOf } from '../../src/vision/likeness.ts'

const cosines = fc.double({ min: -1, max: 1, noNaN: true })

describe('the word for a cosine', () => {
  it.each([
    [-1, 'weak'],
    [0.4999, 'weak'],
    [0.5, 'similar'],
    [0.5999, 'similar'],
    [0.6, 'same item'],
    [1, 'same item'],
  ])('%f is %s', (cosine, word) => expect(likenessOf(cosine, BUILTIN_ID)).toBe(word))

  it('is not invented for an uncalibrated model', () => {
    expect(likenessOf(0.9, 'onnx-0123456789abcdef/1')).toBeNull()
  })
})

describe('the similarity that is shown', () => {
  it('is 0..1, grows with the cosine, and agrees with the word', () => {
    fc.assert(
      fc.property(cosines, cosines, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        expect(similarityOf(low)).toBeLessThanOrEqual(similarityOf(high))
        expect(similarityOf(low)).toBeGreaterThanOrEqual(0)
        expect(similarityOf(high)).toBeLessThanOrEqual(1)
        expect(similarityOf(a) >= 0.5).toBe(likenessOf(a, BUILTIN_ID) !== 'weak')
        expect(similarityOf(a) >= 0.75).toBe(likenessOf(a, BUILTIN_ID) === 'same item')
      }),
    )
  })

  it('is 1 for the same picture', () => {
    expect(similarityOf(0.976)).toBe(1)
    expect(similarityOf(0)).toBe(0)
  })
})
