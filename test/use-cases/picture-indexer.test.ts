import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Catalogue } from '../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../src/errors.ts'
import type { PictureReader } from '../../src/pictures/reader.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { createPictureIndexer } from '../../src/use-cases/picture-indexer.ts'
import type { Embedder } from '../../src/vision/embedder.ts'
import { makeOffer, makeVector } from '../support/catalogue-offers.ts'
import { DIST_DIR } from '../support/package-dirs.ts'

const OFFERS = 150
const logger = { debug() {}, info() {}, warn() {}, error() {} }

let catalogue: Catalogue
/** References of pictures, each time one is read. */
let read: string[]

beforeEach(async () => {
  catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  read = []
  const offers = Array.from({ length: OFFERS }, (_, index) => makeOffer(String(10_000 + index)))
  await catalogue.putOffers('parse', offers, 1)
})
afterEach(() => catalogue.close())

/** Every tenth picture is broken where `hasBroken`. */
function setUp(model: string, options: { hasBroken?: boolean; shipped?: string; onEmbed?: () => void } = {}) {
  const pictureReader: PictureReader = {
    async read(input) {
      const reference = String(input)
      read.push(reference)
      const bytes = Buffer.from(reference)
      return { bytes, sha256: '', label: '', url: null, small: async () => bytes }
    },
    async close() {},
  }
  const embedder: Embedder = {
    id: model,
    async embed(bytes) {
      options.onEmbed?.()
      const number = Number(/(\d+)\.jpg$/.exec(Buffer.from(bytes).toString())?.[1])
      if (options.hasBroken && number % 10 === 0) {
        throw new AppError({ code: 'picture_unreadable', message: 'broken', hint: 'none' })
      }
      return { vectors: [makeVector(number)], regions: [] }
    },
    async close() {},
  }
  const shipped = async (reference: string) => (reference === options.shipped ? makeVector(1) : null)
  const vectorsPerOffer = 2
  return createPictureIndexer({ catalogue, embedder, pictureReader, shipped, vectorsPerOffer, logger, now: () => 1000 })
}

const comparedBy = async (model: string, sources = ['parse']) => {
  const query = { model, vectors: [makeVector(10_003)], sources, filters: {}, offset: 0, limit: 1 }
  const { compared, hits } = await catalogue.nearest(query)
  return { compared, first: hits[0]?.offer.offerId }
}

describe('the embedding of known pictures', () => {
  it('reads each once, however many ask for it, and a broken one not again', async () => {
    const indexer = setUp('a', { hasBroken: true })
    await Promise.all([indexer.run(['parse']), indexer.run(['parse']), indexer.run(['parse'])])
    await indexer.run(['parse'])
    expect(read).toHaveLength(OFFERS)
    expect(new Set(read).size).toBe(OFFERS)
    expect(await comparedBy('a')).toEqual({ compared: OFFERS - OFFERS / 10, first: '10003' })
    expect(indexer.isRunning).toBe(false)
  })

  it('serves all who wait for a run, each with sources of their own', async () => {
    await catalogue.putOffers('tmapi', [makeOffer('20001')], 1)
    await catalogue.putOffers('open1688', [makeOffer('30001')], 1)
    const indexer = setUp('a')
    await Promise.all([indexer.run(['parse']), indexer.run(['tmapi']), indexer.run(['open1688'])])
    expect(read).toHaveLength(OFFERS + 2)
  })

  it('reads a picture that several offers or sources share once', async () => {
    const shared = { imageUrl: 'https://cbu01.alicdn.com/img/ibank/40000.jpg' }
    await catalogue.putOffers('tmapi', [makeOffer('40001', shared), makeOffer('40002', shared), makeOffer('40003')], 1)
    await catalogue.putOffers('open1688', [makeOffer('40001', shared)], 1)
    let done = 0
    await setUp('a').run(['tmapi', 'open1688'], {
      onPicture: count => {
        done = count
      },
    })
    expect(read.sort()).toEqual([shared.imageUrl, makeOffer('40003').imageUrl])
    expect(done).toBe(4)
    expect((await comparedBy('a', ['tmapi'])).compared).toBe(3)
    expect((await comparedBy('a', ['open1688'])).compared).toBe(1)
  })

  it('marks a broken picture as failed for all offers that share it', async () => {
    const shared = { imageUrl: 'https://cbu01.alicdn.com/img/ibank/40000.jpg' }
    await catalogue.putOffers('tmapi', [makeOffer('40001', shared), makeOffer('40002', shared)], 1)
    const indexer = setUp('a', { hasBroken: true })
    await indexer.run(['tmapi'])
    await indexer.run(['tmapi'])
    expect(read).toEqual([shared.imageUrl])
    expect((await comparedBy('a', ['tmapi'])).compared).toBe(0)
  })

  it('reads photos beside the first picture, up to the number of vectors for each offer', async () => {
    const photos = ['20002', '20003'].map(number => `https://cbu01.alicdn.com/img/ibank/${number}.jpg`)
    await catalogue.putOffers('tmapi', [makeOffer('20001', { photos })], 1)
    await setUp('a').run(['tmapi'])
    expect(read).toEqual([makeOffer('20001').imageUrl, photos[0]])
    const query = { model: 'a', vectors: [makeVector(20_002)], sources: ['tmapi'], filters: {}, offset: 0, limit: 1 }
    expect((await catalogue.nearest(query)).bestCosine).toBeCloseTo(1, 4)
  })

  it('starts over for another model, and never ranks one by the other', async () => {
    await setUp('a').run(['parse'])
    expect(await comparedBy('b')).toEqual({ compared: 0, first: undefined })
    const partly: ReturnType<typeof comparedBy>[] = []
    let embedded = 0
    const second = setUp('b', {
      onEmbed: () => {
        embedded += 1
      },
    })
    await second.run(['parse'], {
      onPicture: done => {
        if (done === 70) partly.push(comparedBy('b'))
      },
    })
    expect(embedded).toBe(OFFERS)
    expect((await partly[0])?.compared).toBeLessThan(OFFERS)
    expect(await comparedBy('a')).toEqual({ compared: OFFERS, first: '10003' })
    expect(await comparedBy('b')).toEqual({ compared: OFFERS, first: '10003' })
  })

  it('takes a vector that comes with the package instead of the picture', async () => {
    const shipped = makeOffer('10007').imageUrl ?? ''
    await setUp('a', { shipped }).run(['parse'])
    expect(read).not.toContain(shipped)
    expect((await comparedBy('a')).compared).toBe(OFFERS)
  })

  it('stops when it is closed, and what is done stays', async () => {
    const indexer = setUp('a')
    const run = indexer.run(['parse'], {
      onPicture: done => {
        if (done === 20) void indexer.close()
      },
    })
    await run.catch(() => undefined)
    const { compared } = await comparedBy('a')
    expect(compared).toBeGreaterThanOrEqual(20)
  })

  it('reads nothing more once it has ended with an error', async () => {
    let calls = 0
    const indexer = setUp('a', {
      onEmbed: () => {
        calls += 1
        if (calls === 3) throw new AppError({ code: 'config_invalid', message: 'no model', hint: 'none' })
      },
    })
    await expect(indexer.run(['parse'])).rejects.toMatchObject({ code: 'config_invalid' })
    const before = read.length
    await nextTurn()
    expect(read).toHaveLength(before)
  })

  it('ends with an error that would meet every picture', async () => {
    const indexer = setUp('a', {
      onEmbed: () => {
        throw new AppError({ code: 'config_invalid', message: 'no model', hint: 'none' })
      },
    })
    await expect(indexer.run(['parse'])).rejects.toMatchObject({ code: 'config_invalid' })
  })
})
