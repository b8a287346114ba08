import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { CATALOGUE_MIGRATIONS } from '../../../src/catalogue/sqlite/schema.ts'
import { openSqlite } from '../../../src/store/sqlite.ts'
import { describeCatalogue } from '../../contract/catalogue-suite.ts'
import { MODEL, makeOffer, makeVector } from '../../support/catalogue-offers.ts'
import { makeTempDir } from '../../support/program.ts'

const distDir = path.resolve(import.meta.dirname, '../../../dist')

describeCatalogue('SQLite', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-catalogue-'))
  const handles: Catalogue[] = []
  return {
    async open() {
      const catalogue = createSqliteCatalogue({ file: path.join(folder, 'catalogue.db'), distDir })
      handles.push(catalogue)
      return catalogue
    },
    async dispose() {
      for (const handle of handles) await handle.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})

it('a file from before photos keeps its offers and vectors, and takes photos', async () => {
  const dir = makeTempDir()
  const file = path.join(dir.path, 'catalogue.db')
  const old = openSqlite({ file, durability: 'normal', migrations: CATALOGUE_MIGRATIONS.slice(0, 3) })
  old.exec(`
    INSERT INTO offers (source, offer_id, title, words, image_url, first_seen_at, last_seen_at, version)
    VALUES ('parse', '10001', 'cup', 'cup', 'https://cbu01.alicdn.com/a.jpg', 1, 1, 1)`)
  old.prepare('INSERT INTO embeddings VALUES (1, ?, ?)').run(MODEL, new Uint8Array(makeVector(1)))
  old.close()
  const catalogue = createSqliteCatalogue({ file, distDir })
  const query = { model: MODEL, sources: ['parse'], filters: {}, offset: 0, limit: 1 }
  const bestBy = async (seed: number) => (await catalogue.nearest({ ...query, vectors: [makeVector(seed)] })).bestCosine
  expect(await bestBy(1)).toBeCloseTo(1, 4)
  const photo = { source: 'parse', offerId: '10001', imageUrl: 'https://cbu01.alicdn.com/b.jpg' }
  const offer = makeOffer('10001', { imageUrl: 'https://cbu01.alicdn.com/a.jpg', photos: [photo.imageUrl] })
  await catalogue.putOffers('parse', [offer], 2)
  await catalogue.putEmbedding(photo, MODEL, makeVector(2))
  expect(await bestBy(1)).toBeCloseTo(1, 4)
  expect(await bestBy(2)).toBeCloseTo(1, 4)
  await catalogue.close()
  dir.remove()
})
