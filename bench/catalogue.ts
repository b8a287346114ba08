/**
 * Measures the catalogue with synthetic offers (default 734, 10,000 and 100,000).
 * `npx tsx bench/catalogue.ts [offers …]` after `npm run build`
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Catalogue } from '../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../src/catalogue/sqlite/catalogue.ts'
import type { OfferFilters } from '../src/offers/filters.ts'
import type { OfferSummary } from '../src/offers/offer.ts'
import { openEmbedder } from '../test/support/decoder.ts'
import { quantile } from './quantile.ts'

const root = path.resolve(import.meta.dirname, '..')
const distDir = path.join(root, 'dist')
const assetsDir = path.join(root, 'assets')
const PHOTO = path.join(assetsDir, 'sample/demo-photo.webp')
const MODEL = 'bench'
const DIMENSIONS = 512
const SEARCHES = 40

const FILTERS: OfferFilters = { maxPrice: 20, maxMoq: 50, location: 'Jinhua' }
const PLACES = [
  ['浙江省', '金华市'],
  ['浙江省', '义乌市'],
  ['广东省', '广州市'],
  ['福建省', '泉州市'],
] as const

/** Queries a file that another process filled, so that only the memory for searching is measured. */
const CASES: ReadonlyArray<readonly [name: string, views: number, filters: OfferFilters]> = [
  ['1 view', 1, {}],
  ['5 views', 5, {}],
  ['5 views, filtered', 5, FILTERS],
]

/** With lengths by component like those of the built-in model: a third beyond the 192nd. */
function randomVector(): Int8Array {
  return Int8Array.from({ length: DIMENSIONS }, (_, i) => Math.round((254 * Math.random() - 127) * Math.exp(-i / 180)))
}

function syntheticOffer(index: number): OfferSummary {
  const [province, city] = PLACES[index % PLACES.length] ?? PLACES[0]
  const min = 1 + (index % 97)
  return {
    offerId: String(600_000_000_000 + index),
    title: `不锈钢保温杯 大容量 便携 ${index}`,
    price: index % 11 === 0 ? null : { text: String(min), min, max: min },
    moq: index % 7 === 0 ? null : 1 + (index % 100),
    unit: '件',
    shopName: '某某日用品厂',
    city,
    province,
    imageUrl: `https://cbu01.alicdn.com/img/ibank/${index}.jpg`,
  }
}

async function fill(file: string, count: number): Promise<void> {
  const catalogue = createSqliteCatalogue({ file, distDir })
  const offers = Array.from({ length: count }, (_, index) => syntheticOffer(index))
  const start = performance.now()
  await catalogue.putOffers('parse', offers, Date.now())
  const offersMs = performance.now() - start
  for (const { offerId, imageUrl } of offers) {
    await catalogue.putEmbedding({ source: 'parse', offerId, imageUrl: imageUrl ?? '' }, MODEL, randomVector())
  }
  const vectorsMs = performance.now() - start - offersMs
  print(
    'writing',
    `${((1000 * offersMs) / count).toFixed(0)} µs per offer, ${((1000 * vectorsMs) / count).toFixed(0)} µs per vector`,
  )
  await catalogue.close()
}

async function measure(file: string): Promise<void> {
  const catalogue = createSqliteCatalogue({ file, distDir })
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  const search = async (views: number, filters: OfferFilters): Promise<number> => {
    const vectors = Array.from({ length: views }, randomVector)
    const start = performance.now()
    await catalogue.nearest({ model: MODEL, vectors, sources: ['parse'], filters, offset: 0, limit: 20 })
    return performance.now() - start
  }
  const longestBlockMs = (): string => `longest block ${(loop.max / 1e6).toFixed(1)} ms`

  print('first search (loads)', `${(await search(1, {})).toFixed(0)} ms, ${longestBlockMs()}`)
  for (const [name, views, filters] of CASES) {
    loop.reset()
    const times: number[] = []
    for (let i = 0; i < SEARCHES; i++) times.push(await search(views, filters))
    print(name, `${percentiles(times)}, ${longestBlockMs()}`)
  }
  await measureWholeQuery(catalogue)
  const start = performance.now()
  loop.reset()
  await catalogue.listUnembedded({ model: MODEL, photos: 2, sources: ['parse'], limit: 64, now: Date.now() })
  print('nothing to embed', `${(performance.now() - start).toFixed(1)} ms, ${longestBlockMs()}`)
  print('memory', `${Math.round(process.memoryUsage().rss / 1e6)} MB resident`)
  await catalogue.close()
}

/** From a photo's bytes to ranked offers, with a warm model. */
async function measureWholeQuery(catalogue: Catalogue): Promise<void> {
  const embedder = await openEmbedder()
  const photo = readFileSync(PHOTO)
  await embedder.embed(photo, 'query')
  const times: number[] = []
  for (let i = 0; i < SEARCHES; i++) {
    const start = performance.now()
    const { vectors } = await embedder.embed(photo, 'query')
    await catalogue.nearest({ model: MODEL, vectors, sources: ['parse'], filters: {}, offset: 0, limit: 20 })
    times.push(performance.now() - start)
  }
  print('photo to ranking', percentiles(times))
  await embedder.close()
}

function percentiles(times: readonly number[]): string {
  return `p50 ${quantile(times, 0.5).toFixed(2)} ms, p95 ${quantile(times, 0.95).toFixed(2)} ms`
}

function print(what: string, figures: string): void {
  console.log(`| ${what} | ${figures} |`)
}

async function main(args: readonly string[]): Promise<void> {
  const [mode = '', file = ''] = args
  if (mode === 'measure') return await measure(file)
  const counts = args.length > 0 ? args.map(Number) : [734, 10_000, 100_000]
  for (const count of counts) {
    const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-bench-'))
    try {
      console.log(`\n### ${count} offers\n\n| | |\n|---|---|`)
      await fill(path.join(folder, 'catalogue.db'), count)
      const self = ['--import', 'tsx', import.meta.filename, 'measure', path.join(folder, 'catalogue.db')]
      execFileSync(process.execPath, self, { stdio: 'inherit' })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

await main(process.argv.slice(2))
