/** Prices and quantities as buyers' sheets have them. An unknown one is unknown, never another number. */
import { describe, expect, it, test } from 'vitest'
import { decimalMarkOf } from '../../../src/catalogue/import/values/habit.ts'
import { readMoqCell } from '../../../src/catalogue/import/values/moq-cell.ts'
import { readPriceCell } from '../../../src/catalogue/import/values/price-cell.ts'

describe('a price', () => {
  test.each([
    ['2.85', '2.85'],
    ['¥2.85', '2.85'],
    ['￥16.50-25.60', '16.50-25.60'],
    ['￥ 12.00 - ￥ 15.00', '12.00-15.00'],
    ['2.85元/件', '2.85'],
    ['2.85 元起', '2.85起'],
    ['¥3.5起批', '3.5起'],
    ['约5元', '5'],
    ['5块', '5'],
    ['RMB 5', '5'],
    ['5 yuan', '5'],
    ['CN¥5.00', '5.00'],
    ['3.5到5', '3.5-5'],
    ['3.5～5.0', '3.5-5.0'],
    ['2,85', '2.85'],
    ['1.234,56', '1234.56'],
    ['1,280.00', '1280.00'],
    ['1 280,00', '1280.00'],
    ['1,280', '1280'],
    ['0.125', '0.125'],
    ['１２．５０', '12.50'],
    ['12.50/pcs', '12.50'],
    ['12.50 per piece', '12.50'],
    ['价格：12.50', '12.50'],
    ['12.50（含税）', '12.50'],
    ['3.5-4.2元(含运费)', '3.5-4.2'],
    ['1万', '10000'],
    ['1.2万元', '12000'],
    ['5.00 (2件起)', '5.00'],
    ['￥12.50起/件', '12.50起'],
    ['500pcs: 2.50', '2.50'],
    ['MOQ 500 pcs: 2.50', '2.50'],
    ['500~999件 ¥2.50', '2.50'],
    ['from 35', '35起'],
    ['低至12.5', '12.5起'],
    ['12.5左右', '12.5'],
    ['12元5角', '12.5'],
    ['12块5/个', '12.5'],
    ['1元2角5分', '1.25'],
    ['5毛', '0.5'],
    ['.85', '0.85'],
    ['含税12.5', '12.5'],
    ['12.50 excl. VAT', '12.50'],
    ['12,50 inkl. MwSt.', '12.50'],
    ['۱۲٫۵۰ يوان', '12.50'],
  ])('%j is %s CNY', (cell, text) => {
    const { currency, ...read } = readPriceCell(cell, null)
    expect(read).toMatchObject({ price: { text }, problem: null })
    expect([null, 'CNY']).toContain(currency)
  })

  test.each([
    ['$1.20', '1.20', 'USD'],
    ['US$1.20', '1.20', 'USD'],
    ['USD 1.2', '1.2', 'USD'],
    ['1.20美元', '1.20', 'USD'],
    ['€3', '3', 'EUR'],
    ['€ 1.234,50', '1234.50', 'EUR'],
    ['HK$ 9', '9', 'HKD'],
    ['A$5', '5', 'AUD'],
    ['C$ 5', '5', 'CAD'],
    ['R$ 12,50', '12.50', 'BRL'],
    ['120 руб.', '120', 'RUB'],
    ['25.000.000 đ', '25000000', 'VND'],
    ['12,50 TL', '12.50', 'TRY'],
    ['1200円', '1200', 'JPY'],
    ['USD 1.20-1.50', '1.20-1.50', 'USD'],
    ['12,50 € pro Stück', '12.50', 'EUR'],
    ['0,125 €', '0.125', 'EUR'],
    ['FOB Ningbo USD 2.5', '2.5', 'USD'],
    ['from $3.20', '3.20起', 'USD'],
    ['港币9.5元', '9.5', 'HKD'],
    ['新台币90元', '90', 'TWD'],
    ['5块美金', '5', 'USD'],
    ['100+ $4.50', '4.50', 'USD'],
    ['CIF Hamburg EUR 3.20', '3.20', 'EUR'],
    ['2.5 USD FOB Ningbo', '2.5', 'USD'],
    ['٢٫٥٠ دولار', '2.50', 'USD'],
  ])('%j is %s %s', (cell, text, currency) => {
    expect(readPriceCell(cell, null)).toMatchObject({ price: { text }, currency, problem: null })
  })

  test.each([
    ['2-99件 ¥5\n≥100件 ¥4', [2, '5', 100, '4']],
    ['≥2件:5.00;≥100件:4.50', [2, '5.00', 100, '4.50']],
    ['100-499: 10.00; 500+: 9.50', [100, '10.00', 500, '9.50']],
    ['100 pcs @ 10.00, 500 pcs @ 9.50', [100, '10.00', 500, '9.50']],
    ['100-499：10,00 | 500+：9,50', [100, '10.00', 500, '9.50']],
    ['1~99个 ￥10.00，≥100个 ￥9.00', [1, '10.00', 100, '9.00']],
    ['100+ : 10.00 500+ : 9.50', [100, '10.00', 500, '9.50']],
    ['ab 100 Stk.: 10,00; ab 500 Stk.: 9,50', [100, '10.00', 500, '9.50']],
    ['от 100 шт. — 10.00, от 500 шт. — 9.50', [100, '10.00', 500, '9.50']],
    ['bis 99: 10,00; ab 100: 9,50', [1, '10.00', 100, '9.50']],
    ['10.00 (100-499), 9.50 (500+)', [100, '10.00', 500, '9.50']],
    ['1k pcs: 10.00, 5k pcs: 9.50', [1000, '10.00', 5000, '9.50']],
  ])('%j is a ladder', (cell, steps) => {
    const { tiers, price } = readPriceCell(cell, null)
    expect(tiers.flatMap(tier => [tier.minQuantity, tier.price.text])).toEqual(steps)
    expect(price).toMatchObject({ text: `${steps[3]}-${steps[1]}` })
  })

  test.each(['面议', '电议', '询价', '', 'TBD', '#N/A', '待报价', '0', '0.00', '-'])('%j is unknown', cell => {
    expect(readPriceCell(cell, null)).toMatchObject({ price: null, tiers: [], problem: null })
  })

  const UNREADABLE = ['12.50 / 13.50', '99999999999', '-5', '免费', '1/2', '12.5.3', 'TRUE', '2026-03-05', '1.000']
  const MISLEADING = [
    '3件9.9',
    '5+0.5',
    '¥5美元',
    '$5 / ¥36',
    '1¥200',
    'Rs 450',
    '12.50 (sample)',
    '12.50 (-10%)',
    '120 (24 pcs)',
    '500 pcs 2.50',
    '12元5件',
    'FOB sample 12',
    '500 pcs = 2.50',
    '12:30',
    '≥35',
    '12.5²',
    '12⁵⁰',
    '①',
    '8.5折',
    '10%',
  ]
  it('is read or refused at once, however long its blanks and signs are', () => {
    for (const part of [' ', '\n', '$', 'pcs ', '1-', '(', 'fob ', '1元1角']) {
      for (const cell of [`1${part.repeat(5_000)}x`, `1${part.repeat(70)}x`]) {
        expect(readPriceCell(cell, null)).toMatchObject({ price: null, problem: expect.stringMatching(/./) })
        expect(readMoqCell(cell, null)).toMatchObject({ moq: null, problem: expect.stringMatching(/./) })
      }
    }
  })

  test.each([...UNREADABLE, ...MISLEADING, '(5.00)', '2-Jan', '3: 100; 2: 500', '1.25E+01'])(
    '%j is unknown, and reported',
    cell => {
      expect(readPriceCell(cell, null)).toMatchObject({ price: null, problem: expect.stringMatching(/./) })
    },
  )
})

describe('a minimum order', () => {
  test.each([
    ['2', 2],
    ['≥100', 100],
    ['2件起批', 2],
    ['1,000 pcs', 1_000],
    ['1万', 10_000],
    ['1.5万', 15_000],
    ['2K', 2_000],
    ['1箱(24件)', 24],
    ['3 cartons of 12 pcs', 36],
    ['1打', 12],
    ['2 dozen', 24],
    ['2件起批 100件混批', 2],
    ['50-100', 50],
    ['2打起批', 24],
    ['1,00,000', 100_000],
    ['100 Stück', 100],
    ['от 100 шт', 100],
    ['100件/款', 100],
    ['100 pcs per colour', 100],
    ['100 pcs / 5 ctns', 100],
    ['2 gross', 288],
    ['一件代发', 1],
    ['1ctn=24pcs', 24],
    ['10箱起（每箱24件）', 240],
    ['100件（可混批）', 100],
    ['100pcs/design/color', 100],
    ['100 to 200 pcs', 100],
    ['100개 이상', 100],
    ['100 ks', 100],
    ['mind. 100 Stk.', 100],
    ['١٠٠ pcs', 100],
  ])('%j is %i pieces', (cell, moq) => {
    expect(readMoqCell(cell, null)).toMatchObject({ moq, unit: null, problem: null })
  })

  const NO_MINIMUM = ['≤100', 'max 100', '$500', '500元起批', '1x20ft', '2箱(24件)', '48/箱', '2026-01-02', '20 xyz']
  test.each(['1.000', '1.5', 'a few', '-3', '1/2', ...NO_MINIMUM])('%j is unknown, and reported', cell => {
    expect(readMoqCell(cell, null)).toMatchObject({ moq: null, problem: expect.stringMatching(/./) })
  })
})

test('a sheet tells how it writes thousands', () => {
  const european = decimalMarkOf(['1.234,56', '1.000', '12,50', '2.500'])
  expect(european).toBe(',')
  expect(readMoqCell('1.000', european).moq).toBe(1_000)
  expect(readPriceCell('2.500', european).price?.min).toBe(2_500)
  expect(decimalMarkOf(['1,234.56', '2,500'])).toBe('.')
  expect(readMoqCell('2,500', '.').moq).toBe(2_500)
  expect(decimalMarkOf(['5', '1.000'])).toBeNull()
  expect(decimalMarkOf(['2,85', '2.85'])).toBe('both')
})
