import { describe, expect, it } from 'vitest'
import { numberOf } from '../../src/cli/flag-number.ts'
import { quoted } from '../../src/offers/text.ts'
import { PAGING } from '../../src/tools/search/paging.ts'

describe('numberOf', () => {
  it('takes plain decimals', () => {
    expect(numberOf({ page: '2' }, 'page', PAGING.page)).toBe(2)
    expect(numberOf({ 'max-price': '12.50' }, 'max-price', PAGING.max_price)).toBe(12.5)
    expect(numberOf({}, 'page', PAGING.page)).toBeNull()
  })

  it.each(['0x2', '1e1', ' 2', '2 ', '+2', '-1', '1.5', '0', '10001', '２', 'two', 'Infinity', '9'.repeat(400)])(
    'refuses %j as a page, and names flag, value and range',
    text => {
      const shown = quoted(text)
      expect(() => numberOf({ page: text }, 'page', PAGING.page)).toThrow(
        `--page must be a whole number from 1 to 10000, not ${shown}.`,
      )
    },
  )

  it.each(['1e3', '0', '.5', '5.', '1,5', '100000001'])('refuses %j as a price', text => {
    expect(() => numberOf({ 'max-price': text }, 'max-price', PAGING.max_price)).toThrow(
      `--max-price must be a decimal number from 0.01 to 100000000, not "${text}".`,
    )
  })
})
