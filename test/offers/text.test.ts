import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, quoted } from '../../src/offers/text.ts'

describe('cleanText', () => {
  it.each([
    ['  防晒口罩\n\t女 ', '防晒口罩 女'],
    ['防晒<font color="red">口罩</font>女', '防晒口罩女'],
    ['a\u200Bb\u202Ec\u2066d', 'abcd'],
    ['tag \u{E0049}\u{E0067}\u{E006E} end', 'tag end'],
    ['ｆｕｌｌ　ｗｉｄｔｈ', 'full width'],
    ['a\u2028b\u0085c', 'a b c'],
    ['\u001b[31mred\u0007', '[31mred'],
  ])('cleans %j', (raw, clean) => {
    expect(cleanText(raw, 80)).toBe(clean)
  })

  it.each(['', ' \n', '\u200B\u3164', null, 5, {}])('knows nothing in %j', raw => {
    expect(cleanText(raw, 80)).toBeNull()
  })

  it('gives one visible line within the cap, and leaves a clean line as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 2, max: 100 }), (raw, cap) => {
        const clean = cleanText(raw, cap)
        if (clean === null) return
        expect([...clean].length).toBeLessThanOrEqual(cap)
        expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(cleanText(clean, cap)).toBe(clean)
      }),
    )
  })
})

it.each([
  ['2 ', '"2 "'],
  ['２', '"２"'],
  ['a\nb"c', '"a\\nb\\"c"'],
  ['se\u200Barch\u2028', '"se\\u200barch\\u2028"'],
  ['\u{E0049}', '"\\udb40\\udc49"'],
  ['杯'.repeat(61), `"${'杯'.repeat(60)}…"`],
  [`${'x'.repeat(59)}😀😀`, `"${'x'.repeat(59)}😀…"`],
])('quotes %j as it is', (raw, shown) => {
  expect(quoted(raw)).toBe(shown)
})
