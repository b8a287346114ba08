import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeRate } from '../../src/costs/exchange.ts'
import { type CostTerms, landedCostOf } from '../../src/costs/landed-cost.ts'
import { gramsOf, mm3Of, shipmentOf, sizeOfListing } from '../../src/costs/shipment.ts'
import {
  divideHalfUp,
  formatFen,
  formatFenRange,
  formatMillionths,
  formatPerUnit,
  fromFen,
  toCny,
  toFen,
  toMillionths,
} from '../../src/offers/price/decimal.ts'
import { quoteOffer } from '../../src/offers/quote.ts'
import type { CostPartName, Figure, LandedCost } from '../../src/offers/results/landed-cost-result.ts'
import { makeDetails } from '../support/details.ts'

const given = <T>(value: T): Figure<T> => ({ value, origin: 'argument' })
const TERMS: CostTerms = {
  freightPerKg: given(toMillionths(50)),
  freightPerCbm: null,
  volumetricDivisor: given(5000n),
  dutyRate: given(toMillionths(0.04)),
  dutyBasis: 'cif',
  vatRate: given(toMillionths(0.2)),
  fees: given(toFen(80)),
}
const UNIT = sizeOfListing({ weightKg: 0.3, sizeCm: [10, 10, 25], basis: 'measured' })
const DETAILS = makeDetails('70001', { ladder: [[10, '12.50']], moq: 10 })

const costOf = (terms: Partial<CostTerms> = {}, unit = UNIT, quantity = 100): LandedCost =>
  landedCostOf({
    quote: quoteOffer(DETAILS, { quantity, variant: null }),
    unit,
    domesticFreight: given(toFen(45.5)),
    terms: { ...TERMS, ...terms },
  })
const amountOf = (cost: LandedCost, name: CostPartName): string | null => {
  const amount = cost.parts.find(part => part.name === name)?.amount ?? null
  return amount && formatFenRange(amount)
}
const howOf = (cost: LandedCost, name: CostPartName) => cost.parts.find(part => part.name === name)?.how

describe('a landed cost', () => {
  it('adds goods, both freights, duty, VAT and fees, and says how each came about', () => {
    // 100 units: 1250.00 goods; 30 kg actual, 250,000 cm3 / 5000 = 50 kg volumetric, 2500.00 freight.
    const cost = costOf()
    expect(cost.parts.map(({ name, amount, how }) => [name, amount && formatFenRange(amount), how])).toEqual([
      ['goods', '1250.00', 'unit price x 100'],
      ['domestic freight', '45.50', 'for the whole order'],
      ['international freight', '2500.00', '50 kg chargeable x 50 CNY'],
      ['duty', '151.82', '4 % of goods + domestic freight + international freight'],
      ['VAT', '789.46', '20 % of goods + domestic freight + international freight + duty'],
      ['fees', '80.00', 'for the whole order'],
    ])
    expect(cost.total && formatFenRange(cost.total)).toBe('4816.78')
    expect(cost).toMatchObject({ subtotal: null, without: [], quantity: 100 })
  })

  it('counts the larger of the freight by weight and the freight by volume', () => {
    const byVolume = costOf({ freightPerCbm: given(toMillionths(20_000)) })
    expect(amountOf(byVolume, 'international freight')).toBe('5000.00')
    expect(howOf(byVolume, 'international freight')).toBe(
      'the larger of 50 kg chargeable x 50 CNY and 0.25 m3 x 20000 CNY',
    )
    expect(amountOf(costOf({ freightPerCbm: given(toMillionths(200)) }), 'international freight')).toBe('2500.00')
    expect(
      amountOf(costOf({ freightPerKg: null, freightPerCbm: given(toMillionths(200)) }), 'international freight'),
    ).toBe('50.00')
  })

  it('charges duty without international freight on the basis fob', () => {
    const cost = costOf({ dutyBasis: 'fob' })
    expect(amountOf(cost, 'duty')).toBe('51.82')
    expect(howOf(cost, 'duty')).toBe('4 % of goods + domestic freight')
  })

  it('prices a quantity below the minimum order at the next that can be ordered', () => {
    expect(costOf({}, UNIT, 3)).toMatchObject({ quantity: 10, shipment: { actualG: 3000n } })
  })

  it.each<[string, Partial<CostTerms>, typeof UNIT, CostPartName[]]>([
    ['the freight rate', { freightPerKg: null }, UNIT, ['international freight', 'duty', 'VAT']],
    [
      'the freight rate, on the basis fob',
      { freightPerKg: null, dutyBasis: 'fob' },
      UNIT,
      ['international freight', 'VAT'],
    ],
    ['the weight', {}, { ...UNIT, weightG: null }, ['international freight', 'duty', 'VAT']],
    ['the size, where volume counts', {}, { ...UNIT, volumeMm3: null }, ['international freight', 'duty', 'VAT']],
    ['the duty', { dutyRate: null }, UNIT, ['duty', 'VAT']],
    ['the VAT', { vatRate: null }, UNIT, ['VAT']],
  ])('has no total without %s, but a subtotal that names what it lacks', (_, terms, unit, without) => {
    const cost = costOf(terms, unit)
    expect(cost).toMatchObject({ total: null, without })
    expect(cost.subtotal).not.toBeNull()
  })

  it('needs no size where only the actual weight counts', () => {
    const cost = costOf({ volumetricDivisor: null }, { ...UNIT, volumeMm3: null })
    expect(amountOf(cost, 'international freight')).toBe('1500.00')
    expect(cost.total).not.toBeNull()
  })

  it('has neither total nor subtotal without a price', () => {
    const quote = { ...quoteOffer(DETAILS, { quantity: 100, variant: null }), total: null }
    expect(landedCostOf({ quote, unit: UNIT, domesticFreight: given(0n), terms: TERMS })).toMatchObject({
      total: null,
      subtotal: null,
      without: ['goods', 'duty', 'VAT'],
    })
  })

  it('keeps the range of a price', () => {
    const quote = quoteOffer(makeDetails('70002', { price: '2.88-25.65' }), {
      quantity: 10,
      variant: null,
    })
    const cost = landedCostOf({ quote, unit: UNIT, domesticFreight: given(0n), terms: TERMS })
    expect([amountOf(cost, 'goods'), amountOf(cost, 'duty')]).toEqual(['28.80-256.50', '11.15-20.26'])
  })
})

const cny = fc.integer({ min: 0, max: 10_000_000 }).map(fen => fen / 100)
const rate = fc.integer({ min: 0, max: 1_000_000 }).map(BigInt)
const terms = fc.record<CostTerms>({
  freightPerKg: fc.option(cny.map(value => given(toMillionths(value)))),
  freightPerCbm: fc.option(cny.map(value => given(toMillionths(value)))),
  volumetricDivisor: fc.option(fc.constantFrom(5000n, 6000n, 8000n).map(given)),
  dutyRate: fc.option(rate.map(given)),
  dutyBasis: fc.constantFrom('cif', 'fob'),
  vatRate: fc.option(rate.map(given)),
  fees: fc.option(cny.map(value => given(toFen(value)))),
})
const unit = fc
  .tuple(fc.option(fc.integer({ min: 1, max: 99_999 })), fc.option(fc.integer({ min: 1, max: 999 })))
  .map(([grams, edge]) =>
    sizeOfListing({
      weightKg: grams && grams / 1000,
      sizeCm: edge === null ? null : [edge / 10, 1, 1],
      basis: 'seller',
    }),
  )
const quantity = fc.integer({ min: 1, max: 1_000_000 })

describe('for any terms', () => {
  it('a total is the sum of its parts, and is there exactly if every part is known', () => {
    fc.assert(
      fc.property(terms, unit, quantity, (some, of, count) => {
        const cost = costOf(some, of, count)
        const sum = cost.parts.reduce((total, part) => total + (part.amount?.high ?? 0n), 0n)
        const isWhole = cost.parts.every(part => part.amount !== null)
        expect(cost.total?.high ?? null).toBe(isWhole ? sum : null)
        expect(cost.subtotal?.high ?? null).toBe(isWhole ? null : sum)
        expect(cost.without).toEqual(cost.parts.filter(part => part.amount === null).map(({ name }) => name))
      }),
    )
  })

  it('no part gets cheaper with the quantity, and the chargeable weight is never below either weight', () => {
    fc.assert(
      fc.property(terms, unit, quantity, (some, of, count) => {
        const [less, more] = [costOf(some, of, count), costOf(some, of, count + 1)]
        for (const [index, part] of less.parts.entries()) {
          expect((more.parts[index]?.amount?.low ?? 0n) >= (part.amount?.low ?? 0n)).toBe(true)
        }
        const { chargeableG, actualG, volumetricG } = less.shipment
        if (chargeableG !== null) {
          expect(chargeableG >= (actualG ?? 0n) && chargeableG >= (volumetricG ?? 0n)).toBe(true)
        }
      }),
    )
  })

  it('a share is within half a fen of the exact one', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), rate, (fen, share) => {
        const error = 2n * (divideHalfUp(fen * share, 1_000_000n) * 1_000_000n - fen * share)
        expect(error <= 1_000_000n && error > -1_000_000n).toBe(true)
      }),
    )
  })
})

describe('exchange rates', () => {
  it.each([
    ['USD', 7.1, 'plausible'],
    ['USD', 0.14, 'inverse'],
    ['USD', 71, 'implausible'],
    ['USD', 0, 'implausible'],
    ['USD', Number.NaN, 'implausible'],
    ['JPY', 0.048, 'plausible'],
    ['JPY', 20.8, 'inverse'],
    ['JPY', 4.8, 'implausible'],
    ['HKD', 0.92, 'plausible'],
    ['XAU', 30_000, 'unknown currency'],
    ['constructor', 7, 'unknown currency'],
  ])('%s at %d is %s', (currency, value, verdict) => {
    expect(judgeRate(currency, value)).toBe(verdict)
  })

  it('convert there and back within a hundredth', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.integer({ min: 1, max: 20_000_000 }),
        (fen, millionths) => {
          const perUnit = BigInt(millionths)
          const there = fromFen(fen, perUnit)
          const back = toCny(there * 10_000n, perUnit)
          const error = back - fen * 10_000n
          expect((error < 0n ? -error : error) * 2n <= perUnit / 100n + 20_002n).toBe(true)
        },
      ),
    )
  })
})

it('reads and writes decimals without losing any', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fen => {
      expect(formatFen(toFen(fen / 100))).toBe((fen / 100).toFixed(2))
      expect(toMillionths(Number(formatMillionths(BigInt(fen))))).toBe(BigInt(fen))
    }),
  )
  expect(() => toMillionths(-1)).toThrow(RangeError)
  expect(formatPerUnit({ low: 713n, high: 1000n }, 100)).toBe('0.0713-0.1000')
  expect(formatPerUnit({ low: 9999n, high: 9999n }, 100)).toBe('0.9999')
  expect(formatPerUnit({ low: 12_345n, high: 12_345n }, 100)).toBe('1.23')
  expect([gramsOf(0.0001), gramsOf(1.2345), mm3Of(0.25)]).toEqual([1n, 1235n, 250_000_000n])
  expect(shipmentOf(UNIT, 1, 6000n).volumetricG).toBe(417n)
})
