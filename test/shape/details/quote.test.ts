import { expect, it } from 'vitest'
import { quoteOf, quoteText } from '../../../src/shape/details/quote.ts'
import { makeDetails, needPrice } from '../../support/details.ts'

const sku = (name: string, text: string, stock: number) => ({ skuId: null, name, price: needPrice(text), stock })
const details = makeDetails('70000', { moq: 10, lotSize: 6, skus: [sku('red', '2.30', 9), sku('blue', '20.52', 9)] })
const textOf = (quantity: number | null, variant: string | null) => {
  const value = quoteOf(details, { quantity, variant }, undefined)
  return value && quoteText(value, '')
}

it('prices a quantity of one variant', () => {
  expect(textOf(12, 'red')).toBe('quote for 12 of red: 2.30 CNY each (variant), 27.60 in total')
})

it.each([
  [
    12,
    null,
    'quote for 12: 2.30-20.52 CNY each (variants), 27.60-246.24 in total (the price spans variants: choose one with the argument variant)',
  ],
  [3, 'red', 'quote for 12 of red: 2.30 CNY each (variant), 27.60 in total (3 is below the MOQ, so 12 is priced)'],
  [13, 'red', 'quote for 18 of red: 2.30 CNY each (variant), 41.40 in total (sold in lots of 6, so 18 is priced)'],
  [12, 'green', 'quote for 12: price unknown (no single variant matches "green": see the names under variants)'],
])('says what is wrong with %s of %s', (quantity, variant, text) => {
  expect(textOf(quantity, variant)).toBe(text)
})

it('does not pass the main price off as that of a variant', () => {
  const value = quoteOf(makeDetails('70000', {}), { quantity: 12, variant: 'red' }, undefined)
  expect(value?.problem).toBe('no variants are known, so this may not be the price of "red"')
})

it('quotes nothing unless asked', () => {
  expect(textOf(null, null)).toBeNull()
})
