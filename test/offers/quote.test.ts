import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRange } from '../../src/offers/price/money.ts'
import { quoteOffer } from '../../src/offers/quote.ts'
import { makeDetails, needPrice } from '../support/details.ts'

const LADDER: [number, string][] = [
  [10, '3.30'],
  [100, '2.90'],
  [1000, '2.55'],
]

describe('a quote', () => {
  it.each([
    [10, '3.30', '33.00'],
    [99, '3.30', '326.70'],
    [100, '2.90', '290.00'],
    [999, '2.90', '2897.10'],
    [1000, '2.55', '2550.00'],
    [1_000_000_000, '2.55', '2550000000.00'],
  ])('at %i takes the step of the ladder: %s', (quantity, unit, total) => {
    const quote = quoteOffer(makeDetails('70000', { ladder: LADDER, moq: 10 }), { quantity: quantity, variant: null })
    expect(quote).toMatchObject({ orderQuantity: quantity, meetsMoq: true, meetsLot: null, basis: 'ladder' })
    expect([quote.unitPrice && formatRange(quote.unitPrice), quote.total && formatRange(quote.total)]).toEqual([
      unit,
      total,
    ])
  })

  it('prices the smallest order if less is wanted', () => {
    const quote = quoteOffer(makeDetails('70000', { ladder: LADDER }), { quantity: 3, variant: null })
    expect(quote).toMatchObject({ orderQuantity: 10, meetsMoq: false, basis: 'ladder' })
    expect(quote.total && formatRange(quote.total)).toBe('33.00')
  })

  it('goes up to whole lots', () => {
    const details = makeDetails('70000', { ladder: LADDER, moq: 10, lotSize: 12 })
    expect(quoteOffer(details, { quantity: 100, variant: null })).toMatchObject({
      orderQuantity: 108,
      meetsLot: false,
      meetsMoq: true,
    })
    expect(quoteOffer(details, { quantity: 24, variant: null })).toMatchObject({ orderQuantity: 24, meetsLot: true })
    expect(quoteOffer(details, { quantity: null, variant: null })).toMatchObject({
      orderQuantity: 12,
      meetsLot: true,
      meetsMoq: true,
    })
  })

  it('does not take a step that begins later', () => {
    const quote = quoteOffer(makeDetails('70000', { ladder: LADDER, moq: 2, price: '2.55-3.30' }), {
      quantity: 5,
      variant: null,
    })
    expect(quote).toMatchObject({ orderQuantity: 5, meetsMoq: true, basis: 'headline' })
  })

  it('spans the variants if each has a price, and uses the headline if one has none', () => {
    const sku = (text: string | null) => ({
      skuId: null,
      name: 'x',
      price: text === null ? null : needPrice(text),
      stock: null,
    })
    const whole = quoteOffer(makeDetails('70000', { skus: [sku('4'), sku('2.50')], price: '2.50' }), {
      quantity: 10,
      variant: null,
    })
    expect([whole.basis, whole.total && formatRange(whole.total)]).toEqual(['variants', '25.00-40.00'])
    expect(
      quoteOffer(makeDetails('70000', { skus: [sku('4'), sku(null)], price: '4' }), { quantity: 10, variant: null })
        .basis,
    ).toBe('headline')
  })

  describe('of an offer with variants', () => {
    const sku = (name: string, text: string, stock: number | null) => ({
      skuId: null,
      name,
      price: needPrice(text),
      stock,
    })
    const speaker = makeDetails('70000', {
      price: '248.00-388.00',
      skus: [
        sku('8 inch', '228', 0),
        sku('10 inch', '299', 5),
        sku('12 inch / red', '388', 1),
        sku('15 inch', '708', 0),
      ],
    })
    const priceOf = (variant: string | null) => {
      const { unitPrice, basis } = quoteOffer(speaker, { quantity: 1, variant })
      return [unitPrice && formatRange(unitPrice), basis]
    }

    it('spans only those in stock', () => {
      expect(priceOf(null)).toEqual(['299.00-388.00', 'variants'])
    })

    it.each([
      ['10 inch', '299.00'],
      ['10INCH', '299.00'],
      ['red', '388.00'],
    ])('takes %j for the one variant that has it in its name', (name, price) => {
      expect(priceOf(name)).toEqual([price, 'variant'])
    })

    it.each([
      ['8 inch', 'it is out of stock'],
      ['inch', 'several have it in their names'],
      ['blue', 'none has it in its name'],
    ])('has no price for %j, because %s', name => {
      expect(priceOf(name)).toEqual([null, 'unknown'])
    })

    it('has no price when all are out of stock', () => {
      const soldOut = { ...speaker, skus: speaker.skus.map(each => ({ ...each, stock: 0 })) }
      expect(quoteOffer(soldOut, { quantity: 1, variant: null })).toMatchObject({ unitPrice: null, total: null })
    })
  })

  it('keeps what is unknown unknown', () => {
    const details = makeDetails('70000', { price: null })
    expect(quoteOffer(details, { quantity: 7, variant: null })).toEqual({
      orderQuantity: 7,
      meetsMoq: null,
      meetsLot: null,
      unitPrice: null,
      basis: 'unknown',
      total: null,
      variant: null,
    })
  })

  it('is the smallest order there is: never below what is wanted, the minimum or a whole lot', () => {
    const units = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(units, fc.option(units), fc.option(units), (wanted, moq, lotSize) => {
        const { orderQuantity } = quoteOffer(makeDetails('70000', { moq, lotSize }), {
          quantity: wanted,
          variant: null,
        })
        const fits = (quantity: number) =>
          quantity >= wanted && quantity >= (moq ?? 1) && quantity % (lotSize ?? 1) === 0
        expect(fits(orderQuantity)).toBe(true)
        expect(fits(orderQuantity - (lotSize ?? 1))).toBe(false)
      }),
    )
  })
})
