import { expect, it } from 'vitest'
import { filterParams } from '../../../src/upstreams/open1688/filters.ts'

it('sends filters and orders as the platform names them', () => {
  expect(filterParams({ minPrice: 2, maxPrice: 12.5, sort: 'sales', seller: 'factory' })).toEqual({
    priceStart: '2',
    priceEnd: '12.5',
    sort: '{"monthSold":"desc"}',
    filter: 'certifiedFactory',
  })
  expect(filterParams({ sort: 'price_asc' })).toEqual({ sort: '{"price":"asc"}' })
})

it('sends nothing for what the platform does not offer', () => {
  expect(filterParams({ maxMoq: 10, sort: 'best_match', seller: 'verified' })).toEqual({})
})
