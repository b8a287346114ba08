/** Pictures that came inside sheets are deleted once no imported offer has them, and not before. */
import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeEach, expect, it } from 'vitest'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createKeptPictures } from '../../../src/pictures/kept-pictures.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createDropPictures } from '../../../src/use-cases/catalogue/drop-pictures.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'

const top = mkdtempSync(path.join(tmpdir(), 'mcp-1688-drop-'))
afterAll(() => rmSync(top, { recursive: true, force: true }))

let dataDir: string
let catalogue: Catalogue
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(top, 'data-'))
  await catalogue?.close()
  catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
})
afterAll(() => catalogue.close())

const LATER_MS = 60_000
const logger = { debug() {}, info() {}, warn() {}, error() {} }
const drop = (addresses: string[], { afterMs = LATER_MS, hasOtherOffers = false, list = catalogue.list } = {}) =>
  createDropPictures({
    catalogue: { list, listSources: catalogue.listSources },
    dataDir,
    hasOtherOffers: () => hasOtherOffers,
    logger,
    now: () => Date.now() + afterMs,
  })(addresses)
const keep = (name: string, account: string | null = null) =>
  createKeptPictures(dataDir, account).keep(Buffer.from(`\xff\xd8\xff${name}`, 'latin1'))
const isThere = (address: string) => existsSync(fileURLToPath(address))

it('deletes what no offer has, and leaves what an offer of any owner or catalogue has as first picture or photo', async () => {
  const [gone, first, photo, other] = [
    await keep('gone'),
    await keep('first'),
    await keep('photo'),
    await keep('other', 'key:1a2b3c4d'),
  ]
  const goneToo = await keep('gone', 'key:1a2b3c4d')
  await catalogue.putOffers('import/summer@key:1a2b3c4d', [makeOffer('1', { imageUrl: first, photos: [photo] })], 1)
  await catalogue.putOffers('import', [makeOffer('2', { imageUrl: other })], 1)
  await drop([gone, goneToo, first, photo, other])
  expect([gone, goneToo, first, photo, other].map(isThere)).toEqual([false, false, true, true, true])
})

it('touches no other file, whatever an offer called its picture', async () => {
  const mine = path.join(top, 'mine.jpg')
  writeFileSync(mine, 'mine')
  const name = path.basename(fileURLToPath(await keep('a')))
  const outside = path.join(dataDir, name)
  writeFileSync(outside, 'outside')
  const folder = pathToFileURL(path.join(dataDir, 'sheet-pictures')).href
  await drop([
    ...[mine, outside].map(file => pathToFileURL(file).href),
    ...[
      `${folder}/../${name}`,
      `${folder}/%2e%2e/${name}`,
      `file://host/sheet-pictures/${name}`,
      'https://a.example/b.jpg',
    ],
  ])
  expect([mine, outside].map(file => existsSync(file))).toEqual([true, true])
})

it('leaves a picture that another import has kept meanwhile', async () => {
  const address = await keep('again')
  utimesSync(fileURLToPath(address), 0, 0)
  const list: Catalogue['list'] = async (...args) => {
    const page = await catalogue.list(...args)
    await keep('again')
    return page
  }
  await catalogue.putOffers('import', [makeOffer('1')], 1)
  await drop([address], { afterMs: 0, list })
  expect(isThere(address)).toBe(true)
})

it('leaves all where others are not known, or cannot be read', async () => {
  const address = await keep('a')
  await catalogue.putOffers('import', [makeOffer('1')], 1)
  await drop([address], { hasOtherOffers: true })
  await drop([address], { list: () => Promise.reject(new Error('damaged')) })
  expect(isThere(address)).toBe(true)
  await drop([address])
  expect(isThere(address)).toBe(false)
})
