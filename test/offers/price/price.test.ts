import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endsOf, parsePrice, spanPrices } from '../../../src/offers/price/price.ts'

describe('parsePrice', () => {
  it.each([
    ['2.85', '2.85', 2.85, 2.85],
    ['2.88-25.65', '2.88-25.65', 2.88, 25.65],
    ['￥16.50', '16.50', 16.5, 16.5],
    ['¥16.50', '16.50', 16.5, 16.5],
    ['¥ 1,280.00 元', '1280.00', 1280, 1280],
    ['２．８５', '2.85', 2.85, 2.85],
    ['1,234,567', '1234567', 1_234_567, 1_234_567],
    ['25,5-30,50', '25.5-30.50', 25.5, 30.5],
    ['3.2~4.5', '3.2-4.5', 3.2, 4.5],
    [12, '12', 12, 12],
    ['5-5', '5', 5, 5],
    ['￥3.50起', '3.50起', 3.5, 3.5],
    ['¥12.00/件', '12.00', 12, 12],
    ['12元/件', '12', 12, 12],
    ['12.50/pcs', '12.50', 12.5, 12.5],
    ['批发价：¥12.50', '12.50', 12.5, 12.5],
    ['到手价12.5', '12.5', 12.5, 12.5],
    ['人民币12元', '12', 12, 12],
    ['3.20元起批', '3.20起', 3.2, 3.2],
    [12.345678, '12.345678', 12.345678, 12.345678],
  ])('reads %j', (raw, text, min, max) => {
    expect(parsePrice(raw)).toEqual({ text, min, max })
  })

  it.each([
    '',
    '面议',
    '0',
    '0.00',
    '-3',
    'NaN',
    'Infinity',
    '1e3',
    '13800138000',
    '1.2.3',
    '1-2-3',
    '1.280,00',
    '1,2345',
    '¥12.5 ¥15',
    '12.5元15元',
    '3 12',
    '12美元',
    '价格面议',
    '3,4,5',
    null,
    undefined,
    {},
    Number.NaN,
  ])('knows no price in %j', raw => {
    expect(parsePrice(raw)).toBeNull()
  })

  it('keeps min and max in order, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), raw => {
        const price = parsePrice(raw)
        return price === null || (price.min > 0 && price.min <= price.max && price.text.length > 0)
      }),
    )
  })
})

describe('spanPrices', () => {
  it('spans from the lowest to the highest, in the words of the sellers', () => {
    const prices = ['29.89', '27.60', '25.90'].map(parsePrice).filter(price => price !== null)
    expect(spanPrices(prices)).toEqual({ text: '25.90-29.89', min: 25.9, max: 29.89 })
    expect(spanPrices([])).toBeNull()
  })

  it('gives the ends of a price low first', () => {
    expect(endsOf({ text: '25-2', min: 2, max: 25 })).toEqual(['2', '25'])
    expect(endsOf({ text: '3.10', min: 3.1, max: 3.1 })).toEqual(['3.10', '3.10'])
  })
})
