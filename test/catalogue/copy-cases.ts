/** Copying a catalogue between stores, in the database of postgres/catalogue.test.ts, which takes seconds to start. */
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Catalogue } from '../../src/catalogue/catalogue.ts'
import { type CopyCount, copyCatalogue } from '../../src/catalogue/copy.ts'
import { createPostgresCatalogue } from '../../src/catalogue/postgres/catalogue.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { createPostgres } from '../../src/store/postgres.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import { DIST_DIR } from '../support/package-dirs.ts'
import type { LitePostgres } from '../support/pglite.ts'
import { makeTempDir, type TempDir } from '../support/program.ts'

const OFFERS = 1_300
const PHOTO = 'https://cbu01.alicdn.com/img/ibank/back.jpg'
const search = { model: MODEL, vectors: [makeVector(1)], sources: ['parse'], filters: {}, offset: 0, limit: 60 }
const ranked = async (catalogue: Catalogue) =>
  (await catalogue.nearest(search)).hits.map(({ offer, cosine }) => [offer.offerId, cosine.toFixed(4)])
const options = { signal: new AbortController().signal, onProgress: () => undefined }

/** Declares the cases. @param lite gives the database once it runs. */
export function describeCopy(lite: () => LitePostgres): void {
  describe('copying a catalogue', () => {
    let dir: TempDir
    let first: Catalogue
    let database: Catalogue
    let second: Catalogue
    beforeEach(() => {
      dir = makeTempDir()
      first = createSqliteCatalogue({ file: path.join(dir.path, 'first.db'), distDir: DIST_DIR })
      second = createSqliteCatalogue({ file: path.join(dir.path, 'second.db'), distDir: DIST_DIR })
      database = createPostgresCatalogue(
        createPostgres(async () => lite().driver('copied')),
        { distDir: DIST_DIR },
      )
    })
    afterEach(async () => {
      await first.close()
      await second.close()
      dir.remove()
    })

    it('copies everything from SQLite to PostgreSQL and back, and a second copy changes nothing', async () => {
      const offers = Array.from({ length: OFFERS }, (_, index) =>
        makeOffer(String(10_000 + index), { moq: index % 9 || null, ...(index < 3 ? { photos: [PHOTO] } : {}) }),
      )
      await first.putOffers('parse', offers, 1_000)
      await first.putOffers('parse', offers.slice(0, 700), 2_000)
      await first.putOffers('import', offers.slice(0, 3), 3_000)
      await first.putMirrorPage('parse', [], { pagesFetched: 22, totalFound: OFFERS, completedAt: 5_000 }, 1_000)
      for (const [index, offer] of offers.slice(0, 450).entries()) {
        await first.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(index))
      }
      const [offer] = offers
      await first.putEmbedding({ source: 'parse', offerId: '10000', imageUrl: PHOTO }, MODEL, makeVector(999))
      if (offer) await first.putEmbedding(pictureOf('import', offer), 'model-b', makeVector(7, 64))

      const count = { offers: OFFERS + 3, embeddings: 452 }
      expect(await copyCatalogue(first, database, options)).toEqual(count)
      expect(await copyCatalogue(first, database, options)).toEqual(count)
      expect(await copyCatalogue(database, second, options)).toEqual(count)
      for (const copied of [database, second]) {
        expect(await copied.list(null, null, 5_000)).toEqual(await first.list(null, null, 5_000))
        expect(await ranked(copied)).toEqual(await ranked(first))
        expect(await copied.stats('model-b')).toEqual(await first.stats('model-b'))
      }
    })

    it('can be cancelled between two batches of vectors', async () => {
      const offers = Array.from({ length: 2_000 }, (_, index) => makeOffer(String(10_000 + index)))
      await first.putOffers('parse', offers, 1_000)
      for (const offer of offers) await first.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(1))
      const stop = new AbortController()
      const onProgress = ({ embeddings }: CopyCount) => {
        if (embeddings > 0) setImmediate(() => stop.abort())
      }
      await expect(copyCatalogue(first, second, { signal: stop.signal, onProgress })).rejects.toMatchObject({
        code: 'cancelled',
      })
    })

    it('ends when it is cancelled', async () => {
      await first.putOffers('parse', [makeOffer('10001')], 1_000)
      const signal = AbortSignal.abort()
      await expect(copyCatalogue(first, second, { ...options, signal })).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
}
