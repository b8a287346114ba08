import { expect, expectTypeOf, test } from 'vitest'
import { isChargedAs, USE_CASES, type UseCase } from '../../src/use-cases/use-cases.ts'

test('a use case without a charge does not compile', () => {
  expectTypeOf<Omit<UseCase, 'charge'>>().not.toExtend<UseCase>()
})

test('whatever asks an upstream is charged', () => {
  const free = Object.entries(USE_CASES).filter(([, { charge }]) => charge === 'free')
  expect(free.map(([name]) => name)).toEqual([
    'getCards',
    'getPreviews',
    'getThumbnail',
    'describeCatalogue',
    'completeOfferIds',
    'getUsage',
  ])
  expect(isChargedAs('compareOffers', 'quoted')).toBe(true)
})
