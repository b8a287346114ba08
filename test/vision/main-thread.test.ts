import { readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import { MODEL, makeOffer, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import { openEmbedder } from '../support/decoder.ts'
import { drawnPicture } from '../support/drawn-pictures.ts'
import { DIST_DIR } from '../support/package-dirs.ts'

const LONGEST_BLOCK_MS = 20
const ROUNDS = 8
const OFFERS = 20_000
const PAGE = 60

const embedder = await openEmbedder()
const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
afterAll(() => Promise.all([embedder.close(), catalogue.close()]))

const page = (start: number) => Array.from({ length: PAGE }, (_, index) => makeOffer(String(1_000_000 + start + index)))
const search = () =>
  catalogue.nearest({
    model: MODEL,
    vectors: Array.from({ length: 5 }, (_, seed) => makeVector(seed, 512)),
    sources: ['parse'],
    filters: { maxPrice: 100, location: 'Jinhua' },
    offset: 0,
    limit: 20,
  })

beforeAll(async () => {
  for (let start = 0; start < OFFERS; start += PAGE) {
    const offers = page(start)
    await catalogue.putOffers('parse', offers, 1)
    for (const [index, offer] of offers.entries()) {
      if (index % 4 === 0) await catalogue.putEmbedding(pictureOf('parse', offer), MODEL, makeVector(start, 512))
    }
  }
  await search()
}, 60_000)

/** Processor time of this thread in milliseconds: unlike the clock, it excludes other work on a busy machine. */
function ownTimeMs(): number {
  if (process.platform !== 'linux') return performance.now()
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e6
}

/** The longest turn of the event loop, in the best of several rounds. */
async function longestBlockMs(work: (round: number) => Promise<unknown>): Promise<number> {
  const blocks: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    let [longest, before] = [0, ownTimeMs()]
    let isDone = false
    const ended = work(round).finally(() => {
      isDone = true
    })
    while (!isDone) {
      await nextTurn()
      const now = ownTimeMs()
      longest = Math.max(longest, now - before)
      before = now
    }
    await ended
    blocks.push(longest)
  }
  return Math.min(...blocks)
}

it('detects a blocked event loop', async () => {
  const block = async () => {
    await nextTurn()
    const end = ownTimeMs() + 2 * LONGEST_BLOCK_MS
    while (ownTimeMs() < end);
  }
  expect(await longestBlockMs(block)).toBeGreaterThan(LONGEST_BLOCK_MS)
})

it.each([
  ['a picture is embedded', async () => embedder.embed(await drawnPicture().resize(1600).jpeg().toBuffer(), 'query')],
  [`${OFFERS} offers are ranked`, search],
  ['a page of offers is kept', (round: number) => catalogue.putOffers('parse', page(round * PAGE), 2 + round)],
  [
    'offers without a vector are looked for',
    () => catalogue.listUnembedded({ model: MODEL, photos: 2, sources: ['parse'], limit: 64, now: 1 }),
  ],
])('the event loop is never blocked for more than 20 ms while %s', async (_, work) => {
  expect(await longestBlockMs(work)).toBeLessThan(LONGEST_BLOCK_MS)
})
