import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importOffers, openImportFile } from '../../../src/catalogue/import/import-file.ts'
import { createFindRate } from '../../../src/catalogue/import/rates.ts'
import { createOwnedCatalogue, OPERATOR, type OwnedCatalogue } from '../../../src/catalogue/owners.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../src/errors.ts'
import { deriveLongOwnId, isOwnId } from '../../../src/offers/id/own-id.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { DRY_IMPORT } from '../../support/import-options.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'

const { signal } = new AbortController()
const PICTURE = 'https://example.com/a.jpg'
let folder: string
let catalogue: OwnedCatalogue
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-update-'))
  catalogue = createOwnedCatalogue(createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR }), OPERATOR)
})
afterEach(async () => {
  await catalogue.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Options {
  name?: string
  prune?: boolean
  rows: readonly string[]
}

/** Imports rows of article number, title and price. */
async function importRows({ name, prune = false, rows }: Options) {
  const file = path.join(folder, 'sheet.csv')
  writeFileSync(file, ['SKU,title,price,image', ...rows.map(row => `${row},${PICTURE}`)].join('\n'))
  const opened = await openImportFile(file, { ...DRY_IMPORT, catalogue: name ?? null })
  const { changes } = await importOffers(catalogue.importsOf(name ?? null), opened, { now: 1, signal, prune })
  return changes
}

const titles = async (source: string) =>
  (await catalogue.list([source], null, 10)).map(({ offer }) => offer.title).sort()

describe('importing a sheet again', () => {
  beforeEach(() => importRows({ rows: ['A,cup,2.5', 'B,bowl,3', 'C,plate,4'] }))

  it('counts what is new, changed, unchanged and no longer in it, which stays', async () => {
    expect(await importRows({ rows: ['A,cup,2.5', 'B,bowl,3.1', 'D,fork,1'] })).toEqual({
      added: 1,
      changed: 1,
      unchanged: 1,
      missing: 1,
      pruned: 0,
    })
    expect(await titles('import')).toEqual(['bowl', 'cup', 'fork', 'plate'])
  })

  it('removes what is no longer in it if asked to, in this catalogue only', async () => {
    await importRows({ name: 'summer', rows: ['C,plate,4'] })
    expect(await importRows({ prune: true, rows: ['A,cup,2.5'] })).toMatchObject({ missing: 2, pruned: 2 })
    expect(await titles('import')).toEqual(['cup', 'plate'])
    expect(await titles('import/summer')).toEqual(['plate'])
  })

  it('removes nothing while a row cannot be read: it may be any offer', async () => {
    expect(await importRows({ prune: true, rows: ['A,cup,2.5', 'B,,3'] })).toMatchObject({ missing: 2, pruned: 0 })
  })
})

it('gives an article number another ID in each catalogue', async () => {
  await importRows({ rows: ['A,cup,2.5'] })
  await importRows({ name: 'summer', rows: ['A,jug,9'] })
  const offers = await catalogue.list(['import'], null, 10)
  expect(offers.map(({ source, offer }) => [source, offer.title])).toEqual([
    ['import', 'cup'],
    ['import/summer', 'jug'],
  ])
  const ids = offers.map(({ offer }) => offer.offerId)
  expect(new Set(ids).size).toBe(2)
  expect(ids.every(id => isOwnId(id) && Number.isSafeInteger(Number(id)) && id.length === 15)).toBe(true)
})

it('keeps the ID that an earlier version gave an offer, so that watch lists and links still work', async () => {
  const formerId = deriveLongOwnId(JSON.stringify(['sku', 'A']))
  await catalogue.putOffers('import', [makeOffer(formerId, { title: 'cup' })], 0)
  expect(await importRows({ rows: ['A,new cup,2.5'] })).toMatchObject({ added: 0, changed: 1, missing: 0 })
  expect((await catalogue.list(['import'], null, 10)).map(({ offer }) => [offer.offerId, offer.title])).toEqual([
    [formerId, 'new cup'],
  ])
})

describe('rates', () => {
  const source = {
    find: async (currency: string) => {
      if (currency === 'USD') return { value: 7_100_000n, from: 'ecb', date: '2026-11-27' }
      throw new AppError({ code: 'not_found', message: 'No such rate.', hint: '' })
    },
  }

  it('come from the configured source, with its date, and leave other prices as quoted', async () => {
    const file = path.join(folder, 'sheet.csv')
    const rows = ['cup,$2', 'bowl,$3', 'jug,€4'].map(row => `${row},${PICTURE}`)
    writeFileSync(file, ['title,price,image', ...rows].join('\n'))
    const opened = await openImportFile(file, { ...DRY_IMPORT, findRate: createFindRate({}, source, signal) })
    const report = await importOffers(catalogue.importsOf(null), opened, { now: 1, signal })
    expect(report).toMatchObject({
      converted: [{ currency: 'USD', prices: 2, cny: 7.1, from: 'ecb', date: '2026-11-27' }],
      unconverted: { EUR: 1 },
    })
    const offers = (await catalogue.list(['import'], null, 10)).map(({ offer }) => [offer.title, offer.price?.text])
    expect(new Map(offers.map(([title, price]) => [title, price]))).toEqual(
      new Map([
        ['cup', '14.2'],
        ['bowl', '21.3'],
        ['jug', undefined],
      ]),
    )
  })

  it('of the call come first', async () => {
    expect(await createFindRate({ USD: 7 }, source, signal)('USD')).toMatchObject({ cny: 7, date: null })
  })
})
