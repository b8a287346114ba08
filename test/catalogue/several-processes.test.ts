import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { CATALOGUE_MIGRATIONS } from '../../src/catalogue/sqlite/schema.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { MODEL, makeOffer, makeVector } from '../support/catalogue-offers.ts'

const distDir = path.resolve(import.meta.dirname, '../../dist')
let folder: string
let file: string
let writers: ChildProcess[]

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-processes-'))
  file = path.join(folder, 'catalogue.db')
  writers = []
})
afterEach(() => {
  for (const writer of writers) writer.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Starts a writer; its pages are numbered on from those that are kept. */
const startWriter = () => {
  const program = path.join(import.meta.dirname, 'mirror-writer.ts')
  const writer = spawn(process.execPath, ['--import', 'tsx', program, file, distDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  writers.push(writer)
  return { writer, pages: createInterface({ input: writer.stdout })[Symbol.asyncIterator]() }
}
const nextPage = async (pages: AsyncIterator<string>) => Number((await pages.next()).value)
const search = { model: MODEL, vectors: [makeVector(1)], sources: ['parse'], filters: {}, offset: 0, limit: 1 }

it('finds with the next search what another process wrote, while it continues to write', async () => {
  const { pages } = startWriter()
  const catalogue = createSqliteCatalogue({ file, distDir })
  for (let i = 0; i < 40; i++) {
    const page = await nextPage(pages)
    const { compared, known } = await catalogue.nearest(search)
    expect(compared).toBeGreaterThanOrEqual(page)
    expect(known).toBeGreaterThanOrEqual(page * 60)
  }
  await catalogue.close()
})

it('keeps only whole pages when a writer is killed', async () => {
  let acknowledged = 0
  for (const pagesBeforeTheEnd of [1, 7, 12]) {
    const { writer, pages } = startWriter()
    for (let i = 0; i < pagesBeforeTheEnd; i++) acknowledged = await nextPage(pages)
    writer.kill('SIGKILL')
    await once(writer, 'close')
    for (let line = await pages.next(); !line.done; line = await pages.next()) acknowledged = Number(line.value)

    const catalogue = createSqliteCatalogue({ file, distDir })
    const kept = (await catalogue.getMirror('parse'))?.pagesFetched ?? 0
    expect([acknowledged, acknowledged + 1]).toContain(kept)
    const offers = await catalogue.list(['parse'], null, 100_000)
    const titles = Array.from({ length: kept * 60 }, (_, i) => `page ${Math.floor(i / 60) + 1}`)
    expect(offers.map(({ offer }) => offer.title)).toEqual(titles)
    await catalogue.close()
  }
})

it('waits for a lock without blocking the event loop', async () => {
  const catalogue = createSqliteCatalogue({ file, distDir })
  const other = openSqlite({ file, durability: 'normal', migrations: CATALOGUE_MIGRATIONS })
  other.exec('BEGIN IMMEDIATE')
  let turns = 0
  const ticking = setInterval(() => {
    turns++
    if (turns === 10) other.exec('COMMIT')
  }, 1)
  await catalogue.putOffers('parse', [makeOffer('10001')], 1000)
  clearInterval(ticking)
  expect(turns).toBeGreaterThanOrEqual(10)
  expect(await catalogue.getOffer('10001', ['parse'])).not.toBeNull()
  other.close()
  await catalogue.close()
})

it('refuses a file written by a newer version', async () => {
  const catalogue = createSqliteCatalogue({ file, distDir })
  await catalogue.close()
  const database = openSqlite({ file: path.join(folder, 'other.db'), durability: 'normal', migrations: [] })
  database.exec(`ATTACH '${file}' AS newer; PRAGMA newer.user_version = 99`)
  database.close()
  expect(() => createSqliteCatalogue({ file, distDir })).toThrow(expect.objectContaining({ code: 'store_unavailable' }))
})
