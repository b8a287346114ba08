import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmount, formatRange, medianOf, parseAmount, rangeOf } from '../../../src/offers/price/money.ts'
import { needPrice } from '../../support/details.ts'

describe('amounts', () => {
  it.each([
    ['2.85', '2.85'],
    ['19', '19.00'],
    ['0.1234', '0.1234'],
    ['100000000.0001', '100000000.0001'],
    ['1.50000', '1.50'],
  ])('%s is written %s', (text, written) => {
    expect(formatAmount(parseAmount(text) ?? -1n)).toBe(written)
  })

  it.each(['', '-1', '1.', '.5', '1e3', '1,000', '2.85-3.10', '1.1234567891', '¥1'])('%j is not an amount', text => {
    expect(parseAmount(text)).toBeNull()
  })

  it('adds exactly, unlike floating point', () => {
    const cents = parseAmount('0.1') ?? 0n
    expect(0.1 * 3).not.toBe(0.3)
    expect(formatAmount(cents * 3n)).toBe('0.30')
  })

  it('reads back every decimal of up to five digits behind the point', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 16n), amount => {
        expect(parseAmount(formatAmount(amount))).toBe(amount)
      }),
    )
  })

  it('finds both ends of a price, in either order', () => {
    expect(formatRange(rangeOf(needPrice('25.65-2.88')) ?? { low: 0n, high: 0n })).toBe('2.88-25.65')
    expect(formatRange(rangeOf(needPrice('￥16.5')) ?? { low: 0n, high: 0n })).toBe('16.50')
  })

  it.each([
    [[], null],
    [['3'], '3.00'],
    [['1', '9', '2'], '2.00'],
    [['1', '2.0001'], '1.50005'],
  ])('the median of %j is %s', (texts, median) => {
    const middle = medianOf(texts.map(text => parseAmount(text) ?? 0n))
    expect(middle === null ? null : formatAmount(middle)).toBe(median)
  })
})
