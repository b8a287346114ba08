import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, expectTypeOf, test } from 'vitest'
import { isChargedAs, USE_CASES, type UseCase } from '../../src/use-cases/use-cases.ts'
import { ROOT } from '../support/program.ts'

test('a use case without a charge does not compile', () => {
  expectTypeOf<Omit<UseCase, 'charge'>>().not.toExtend<UseCase>()
})

test('whatever asks an upstream is charged', () => {
  const free = Object.entries(USE_CASES).filter(([, { charge }]) => charge === 'free')
  expect(free.map(([name]) => name)).toEqual([
    'pickPhoto',
    'awaitPhoto',
    'keepPhoto',
    'getQueryPicture',
    'getCards',
    'getPreviews',
    'getThumbnail',
    'readExport',
    'findCurrency',
    // Within a limit of 0 credits.
    'draftInquiry',
    'importOffers',
    'watchOffers',
    'describeCatalogue',
    'completeOfferIds',
    'getUsage',
  ])
  expect(isChargedAs('compareOffers', 'quoted')).toBe(true)
})

test('the record loads nothing before a use case is needed', () => {
  const record = readFileSync(path.join(ROOT, 'src/use-cases/use-cases.ts'), 'utf8')
  const imports = record.match(/^import .*/gm) ?? []
  expect(imports.filter(line => !line.startsWith('import type '))).toEqual([])
})
