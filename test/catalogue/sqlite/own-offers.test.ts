/** Imported offers survive what happens to their file, to the catalogue, or to both. */
import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createKeptImports } from '../../../src/catalogue/sqlite/kept-imports.ts'
import { createOwnOffers, type RestoredImports } from '../../../src/catalogue/sqlite/own-offers.ts'
import { createLogger } from '../../../src/log.ts'
import { connect } from '../../../src/store/sqlite.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { FILE_DAMAGE, settle } from '../../support/file-damage.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeTempDir, type TempDir } from '../../support/program.ts'

/** The full size is measured by bench/abuse. */
const OFFERS = Number(process.env.OWN_OFFERS ?? 300)
const LATER = 40
const BASE_ID = 710_000_000_000

let dir: TempDir
let restorations: RestoredImports[]
const opened: Catalogue[] = []
beforeEach(() => {
  dir = makeTempDir()
  restorations = []
})
afterEach(async () => {
  for (const catalogue of opened.splice(0)) await catalogue.close()
  dir.remove()
})

const own = () => path.join(dir.path, 'own.db')
const indexFile = () => path.join(dir.path, 'catalogue.db')
const copies = () => readdirSync(dir.path).filter(name => /^own\.copy-.*\.db$/.test(name))

function open(): Catalogue {
  const index = createSqliteCatalogue({ file: indexFile(), distDir: DIST_DIR })
  const onRestored = (restored: RestoredImports) => void restorations.push(restored)
  const offers = createOwnOffers({ file: own(), index, now: Date.now, onRestored })
  const catalogue = createKeptImports(index, offers, createLogger({ level: 'silent', write: () => undefined }))
  opened.push(catalogue)
  return catalogue
}

async function close(): Promise<void> {
  for (const catalogue of opened.splice(0)) await catalogue.close()
}

const madeOffers = (from: number, count: number) =>
  Array.from({ length: count }, (_, number) => makeOffer(String(BASE_ID + from + number)))

/** Imports most offers, then copies the file as the next import does, then imports the rest. */
async function importOffers(): Promise<void> {
  const catalogue = open()
  await catalogue.checkKept()
  await catalogue.putOffers('import', madeOffers(0, OFFERS), 1_000)
  await catalogue.checkKept()
  await catalogue.putOffers('import@key:aaaaaaaa', madeOffers(OFFERS, LATER), 2_000)
  await close()
  settle(own())
}

async function countImports(): Promise<number> {
  const stats = await open().stats('m')
  return stats.filter(({ source }) => source.startsWith('import')).reduce((sum, { offers }) => sum + offers, 0)
}

function loseIndex(): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${indexFile()}${end}`, { force: true })
}

describe('imported offers', () => {
  test.each(FILE_DAMAGE)('none is lost to %s while the catalogue is sound', async (_name, damage) => {
    await importOffers()
    damage(own())
    expect(await countImports()).toBe(OFFERS + LATER)
    expect(restorations).toMatchObject([{ restored: OFFERS + LATER, file: expect.stringContaining('own.damaged-') }])
    expect(restorations[0]?.lost ?? 0).toBe(0)
    expect(existsSync(path.join(dir.path, restorations[0]?.file ?? ''))).toBe(true)
  })

  test.each(FILE_DAMAGE)('none of the copy is lost to %s and the loss of the catalogue', async (_name, damage) => {
    await importOffers()
    loseIndex()
    damage(own())
    const left = await countImports()
    expect(left).toBeGreaterThanOrEqual(OFFERS)
    expect(restorations).toMatchObject([{ restored: left }])
    const lost = restorations[0]?.lost ?? null
    expect(lost === null || lost === OFFERS + LATER - left).toBe(true)
  })

  test('rows that can still be read are restored though no copy has them', async () => {
    await importOffers()
    loseIndex()
    for (const copy of copies()) rmSync(path.join(dir.path, copy))
    const zeroed = FILE_DAMAGE.find(([name]) => name === 'a zeroed page in the middle')
    zeroed?.[1](own())
    const left = await countImports()
    expect(left).toBeGreaterThan((OFFERS + LATER) / 2)
    expect(restorations).toMatchObject([{ restored: left }])
  })

  test('return when the catalogue is deleted, and when their own file is', async () => {
    await importOffers()
    loseIndex()
    expect(await countImports()).toBe(OFFERS + LATER)
    await close()
    rmSync(own())
    expect(await countImports()).toBe(OFFERS + LATER)
    expect(restorations).toEqual([{ file: null, restored: OFFERS + LATER, lost: 0 }])
  })

  test('of before their own file existed are adopted', async () => {
    const index = createSqliteCatalogue({ file: indexFile(), distDir: DIST_DIR })
    await index.putOffers('import', madeOffers(0, 5), 1_000)
    await index.close()
    expect(await countImports()).toBe(5)
    await close()
    loseIndex()
    expect(await countImports()).toBe(5)
  })

  test('that were removed do not return with a new catalogue', async () => {
    await importOffers()
    const removed = String(BASE_ID)
    expect(await open().remove('import', [removed])).toBe(1)
    await close()
    loseIndex()
    expect(await countImports()).toBe(OFFERS + LATER - 1)
    expect(await open().getOffer(removed, ['import'])).toBeNull()
  })

  test('of an import that was killed between the two files are in both afterwards', async () => {
    await importOffers()
    const database = connect(indexFile())
    database.exec(`DELETE FROM offers WHERE source = 'import@key:aaaaaaaa'`)
    database.close()
    expect(await countImports()).toBe(OFFERS + LATER)
  })

  test('return from a copy when their file was emptied', async () => {
    await importOffers()
    writeFileSync(own(), '')
    expect(await countImports()).toBe(OFFERS + LATER)
    expect(restorations).toMatchObject([{ restored: OFFERS + LATER, file: expect.stringContaining('own.damaged-') }])
  })

  test('that only the catalogue still has are put into their own file again', async () => {
    await importOffers()
    const database = connect(own())
    database.exec(`DELETE FROM offers WHERE source = 'import@key:aaaaaaaa'`)
    database.close()
    expect(await countImports()).toBe(OFFERS + LATER)
    await close()
    loseIndex()
    expect(await countImports()).toBe(OFFERS + LATER)
  })

  test('survive the loss of their log: what was not yet in the file comes from the catalogue', async () => {
    await importOffers()
    const catalogue = open()
    await catalogue.putOffers('import', madeOffers(OFFERS + LATER, 10), 3_000)
    copyFileSync(own(), `${own()}.without-log`)
    await close()
    copyFileSync(`${own()}.without-log`, own())
    rmSync(`${own()}-wal`, { force: true })
    expect(await countImports()).toBe(OFFERS + LATER + 10)
  })

  test('are served from the catalogue while their file is of a newer version, and nothing is written over it', async () => {
    await importOffers()
    const database = connect(own())
    database.exec('PRAGMA user_version = 99')
    database.close()
    const size = statSync(own()).size
    const catalogue = open()
    expect((await catalogue.getOffer(String(BASE_ID), ['import']))?.offer.offerId).toBe(String(BASE_ID))
    await expect(catalogue.putOffers('import', madeOffers(0, 1), 4_000)).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    expect(statSync(own()).size).toBe(size)
    expect(restorations).toEqual([])
  })

  test('three copies are kept, each made only after a change', async () => {
    await importOffers()
    for (let round = 0; round < 5; round++) {
      const catalogue = open()
      await catalogue.checkKept()
      await catalogue.checkKept()
      await catalogue.putOffers('import', madeOffers(round, 1), 5_000 + round)
      await close()
    }
    expect(copies()).toHaveLength(3)
  })

  test('a damaged copy is passed over for an older one', async () => {
    await importOffers()
    const catalogue = open()
    await catalogue.checkKept()
    await close()
    loseIndex()
    const [newest = ''] = copies().toSorted().toReversed()
    writeFileSync(path.join(dir.path, newest), 'not a database')
    writeFileSync(own(), 'not a database')
    expect(await countImports()).toBe(OFFERS)
    expect(restorations).toMatchObject([{ restored: OFFERS, lost: null }])
  })
})
