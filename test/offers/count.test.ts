import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCount, parseRate } from '../../src/offers/count.ts'

describe('parseCount', () => {
  it.each([
    ['12342', '12342', 12_342],
    [7, '7', 7],
    [0, '0', 0],
    ['100+', '100+', 100],
    ['100000+', '100000+', 100_000],
    ['5万+', '5万+', 50_000],
    ['1.2万', '1.2万', 12_000],
    ['5千', '5千', 5_000],
    ['2k+', '2k+', 2_000],
    ['已售300+件', '300+', 300],
    ['月销：1.2万笔', '1.2万', 12_000],
    ['500 sold', '500', 500],
    ['5w+', '5w+', 50_000],
    ['１,２３４ +', '1234+', 1234],
    ['30天内售出 500 件', '500', 500],
    ['90天内500+个成交', '500+', 500],
    ['近30天成交1.2万+', '1.2万+', 12_000],
    ['>500', '500', 500],
    ['1.5亿', '1.5亿', 150_000_000],
  ])('reads %j', (raw, text, atLeast) => {
    expect(parseCount(raw)).toEqual({ text, atLeast })
  })

  it.each(['', '+', '万', '-5', '1.5', 'many', '9'.repeat(13), '99999999亿', null, undefined, {}, true, Number.NaN])(
    'knows no count in %j',
    raw => expect(parseCount(raw)).toBeNull(),
  )

  it('is whole and not negative, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.stringMatching(/^[\d.,万亿w+ -]{0,12}$/)), raw => {
        const count = parseCount(raw)
        return count === null || (Number.isSafeInteger(count.atLeast) && count.atLeast >= 0 && count.text !== '')
      }),
    )
  })
})

describe('parseRate', () => {
  it.each([
    ['13%', 0.13],
    ['33.9%', 0.339],
    ['100%', 1],
    ['0%', 0],
    ['０.４６６６', 0.4666],
    [0.4666, 0.4666],
    ['1', 1],
    ['回头率 35%', 0.35],
  ])('reads %j', (raw, rate) => {
    expect(parseRate(raw)).toBe(rate)
  })

  it.each(['11', '101%', '-1%', '', '%', 'high', '回头率 35', '<5%', null, {}, Number.NaN, Number.POSITIVE_INFINITY])(
    'knows no rate in %j: it may be meant in per cent or not',
    raw => expect(parseRate(raw)).toBeNull(),
  )
})
