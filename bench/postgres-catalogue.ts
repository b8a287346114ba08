/**
 * Measures the catalogue on PostgreSQL with real embeddings:
 *
 *   npx tsx bench/postgres-catalogue.ts --photos PHOTOS.jsonl [--offers 100000] [--use-photos 500]
 *     [--no-index] [--url URL]
 *
 * PHOTOS.jsonl as for bench/vision.ts. Without a URL it uses PGlite (one thread of WebAssembly). Fifty photos are set
 * aside as queries. `--use-photos` others are embedded with three altered copies each; the remaining offers get a mix of
 * two photos of one class, shifted as an alteration shifted a third photo. So the vectors spread and cluster like real
 * ones, although most are not photos. Prints recall@10 against an exact comparison in the database, times, and bytes per
 * row, for ranking in memory and (unless `--no-index`) by the index.
 */
import { readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import type { Catalogue } from '../src/catalogue/catalogue.ts'
import { createPostgresCatalogue } from '../src/catalogue/postgres/catalogue.ts'
import { asHalfvec } from '../src/catalogue/postgres/writes.ts'
import type { OfferFilters } from '../src/offers/filters.ts'
import type { OfferSummary } from '../src/offers/offer.ts'
import { createPostgres, type PostgresTables } from '../src/store/postgres.ts'
import { openPool, type PostgresDriver } from '../src/store/postgres-driver.ts'
import { numberIn } from '../src/store/row.ts'
import type { Embedder } from '../src/vision/embedder.ts'
import { openEmbedder } from '../test/support/decoder.ts'
import { startLitePostgres } from '../test/support/pglite.ts'
import { seededRandom } from '../test/support/seeded-random.ts'
import { quantile } from './quantile.ts'

const ROOT = path.join(import.meta.dirname, '..')
const MODEL = 'bench'
const PAGE = 60
const SEARCHES = 50
const BATCH = 500

/** About 13 % of the offers pass. */
const FILTERS: OfferFilters = { maxPrice: 20, location: '浙江' }
const PLACES = [
  ['浙江省', '金华市'],
  ['浙江省', '义乌市'],
  ['广东省', '广州市'],
  ['福建省', '泉州市'],
  ['广东省', '潮州市'],
  ['河北省', '保定市'],
] as const

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', default: '' },
    offers: { type: 'string', default: '100000' },
    'use-photos': { type: 'string', default: '500' },
    'no-index': { type: 'boolean', default: false },
    url: { type: 'string' },
  },
})
const random = seededRandom(1)
const count = Number(options.offers)

interface Photo {
  file: string
  class: string
}

function readLines<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

const pick = <T>(list: readonly T[]): T => {
  const item = list[Math.floor(random() * list.length)]
  if (item === undefined) throw new Error('nothing to pick from')
  return item
}

/** Common changes that sellers make to each other's photos. */
const ALTERATIONS: ReadonlyArray<(photo: Buffer) => Promise<Buffer>> = [
  photo => sharp(photo).flop().jpeg({ quality: 60 }).toBuffer(),
  photo => sharp(photo).modulate({ brightness: 1.2, saturation: 0.8 }).jpeg().toBuffer(),
  async photo => {
    const { width = 0, height = 0 } = await sharp(photo).metadata()
    const box = { left: Math.round(width * 0.06), top: Math.round(height * 0.08) }
    return sharp(photo)
      .extract({ ...box, width: Math.round(width * 0.85), height: Math.round(height * 0.85) })
      .jpeg()
      .toBuffer()
  },
]

/** The vectors of each photo, followed by those of its altered copies. */
async function embedPhotos(embedder: Embedder, photos: readonly Photo[]): Promise<Int8Array[][]> {
  const groups: Int8Array[][] = []
  for (const photo of photos) {
    const bytes = readFileSync(path.join(path.dirname(options.photos), photo.file))
    const group: Int8Array[] = []
    for (const alter of [async (same: Buffer) => same, ...ALTERATIONS]) {
      group.push(...(await embedder.embed(await alter(bytes), 'index')).vectors)
    }
    groups.push(group)
  }
  return groups
}

/** One vector per offer: first the real ones, then mixtures. */
function makeVectors(photos: readonly Photo[], groups: readonly Int8Array[][]): Int8Array[] {
  const vectors = groups.flat().slice(0, count)
  const byClass = new Map<string, Int8Array[][]>()
  for (const [index, group] of groups.entries()) {
    const name = photos[index]?.class ?? ''
    byClass.set(name, [...(byClass.get(name) ?? []), group])
  }
  const classes = [...byClass.values()]
  while (vectors.length < count) {
    const alike = pick(classes)
    const [one, near] = [pick(alike), pick(alike)]
    const altered = pick(groups)
    const [a, b, from, to] = [pick(one), pick(near), altered[0], pick(altered)]
    const share = random() * 0.5
    const mixed = Float32Array.from(
      a,
      (value, i) => value * (1 - share) + (b[i] ?? 0) * share + (to[i] ?? 0) - (from?.[i] ?? 0),
    )
    const largest = mixed.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
    vectors.push(Int8Array.from(mixed, value => Math.round((value / largest) * 127)))
  }
  return vectors
}

function makeOffer(index: number): OfferSummary {
  const [province, city] = pick(PLACES)
  const min = Math.round(100 * 1.5 ** (random() * 12)) / 100
  return {
    offerId: String(600_000_000_000 + index),
    title: `不锈钢保温杯 大容量 便携 ${index}`,
    price: { text: String(min), min, max: min },
    moq: 1 + Math.floor(random() * 100),
    unit: '件',
    shopName: '某某日用品厂',
    city,
    province,
    imageUrl: `https://cbu01.alicdn.com/img/ibank/${index}.jpg`,
  }
}

async function fill(catalogue: Catalogue, { query }: PostgresTables, vectors: readonly Int8Array[]): Promise<void> {
  const start = performance.now()
  for (let at = 0; at < count; at += BATCH) {
    const offers = Array.from({ length: Math.min(BATCH, count - at) }, (_, index) => makeOffer(at + index))
    await catalogue.putOffers('parse', offers, 1_000)
    await query(
      `INSERT INTO mcp1688_embeddings SELECT id, $1, news.vector::halfvec FROM unnest($2::text[], $3::text[]) AS news (offer_id, vector)
       JOIN mcp1688_offers USING (offer_id)`,
      [
        MODEL,
        offers.map(({ offerId }) => offerId),
        offers.map((_, index) => asHalfvec(vectors[at + index] ?? new Int8Array(0))),
      ],
    )
  }
  await query(`UPDATE mcp1688_offers SET models = ARRAY[$1]`, [MODEL], 600_000)
  await query('VACUUM (ANALYZE, FULL) mcp1688_offers', [], 600_000)
  await query('VACUUM (ANALYZE) mcp1688_embeddings', [], 600_000)
  console.log(`${count} offers with vectors written in ${((performance.now() - start) / 1_000).toFixed(0)} s`)
}

async function waitForIndex(catalogue: Catalogue, { query }: PostgresTables, views: Int8Array[]): Promise<void> {
  const start = performance.now()
  for (;;) {
    await search(catalogue, views, {})
    const [row] = await query(
      `SELECT count(*) AS valid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname LIKE 'mcp1688_near_%' AND indisvalid`,
    )
    if (numberIn(row, 'valid') > 0) break
    await new Promise(resolve => setTimeout(resolve, 1_000))
  }
  console.log(`index built in ${((performance.now() - start) / 1_000).toFixed(0)} s`)
  const [sizes] = await query(
    `SELECT pg_table_size('mcp1688_offers') AS offers, pg_indexes_size('mcp1688_offers') AS offer_indexes, pg_table_size('mcp1688_embeddings') AS vectors,
       (SELECT pg_relation_size(oid) FROM pg_class WHERE relname LIKE 'mcp1688_near_%') AS index`,
  )
  for (const column of ['offers', 'offer_indexes', 'vectors', 'index']) {
    console.log(`  ${column.padEnd(14)} ${Math.round(numberIn(sizes, column) / count)} bytes per offer`)
  }
}

function search(catalogue: Catalogue, vectors: Int8Array[], filters: OfferFilters) {
  return catalogue.nearest({ model: MODEL, vectors, sources: ['parse'], filters, offset: 0, limit: PAGE })
}

async function measure(name: string, fast: Catalogue, exact: Catalogue, queries: Int8Array[][], filters: OfferFilters) {
  const times: number[] = []
  let found = 0
  let [compared, full] = [0, 0]
  for (const views of queries) {
    const start = performance.now()
    const answer = await search(fast, views, filters)
    times.push(performance.now() - start)
    compared = answer.compared
    if (answer.hits.length === PAGE) full++
    const truth = (await search(exact, views, filters)).hits.slice(0, 10).map(({ offer }) => offer.offerId)
    const hits = new Set(answer.hits.slice(0, 10).map(({ offer }) => offer.offerId))
    found += truth.filter(id => hits.has(id)).length / 10
  }
  const at = (share: number): string => quantile(times, share).toFixed(1)
  const [load = 0] = loadavg()
  console.log(
    `${name.padEnd(44)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, recall@10 ${(found / queries.length).toFixed(4)}, ${compared} compared, ${full} of ${queries.length} pages full, load ${load.toFixed(1)}`,
  )
}

async function openDriver(): Promise<PostgresDriver> {
  if (options.url !== undefined) return openPool(options.url)
  return (await startLitePostgres()).driver('bench')
}

async function main(): Promise<void> {
  const embedder = await openEmbedder()
  const shuffled = readLines<Photo>(options.photos)
    .map(photo => ({ photo, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ photo }) => photo)
  const queries: Int8Array[][] = []
  for (const { file } of shuffled.slice(0, SEARCHES)) {
    queries.push((await embedder.embed(readFileSync(path.join(path.dirname(options.photos), file)), 'query')).vectors)
  }
  const photos = shuffled.slice(SEARCHES, SEARCHES + Number(options['use-photos']))
  const groups = await embedPhotos(embedder, photos)
  console.log(
    `${groups.flat().length} real embeddings of ${photos.length} photos, ${queries.length} other photos as queries`,
  )
  await embedder.close()

  const postgres = createPostgres(openDriver)
  const distDir = path.join(ROOT, 'dist')
  const memory = createPostgresCatalogue(postgres, { distDir, memory: 'at once' })
  const index = createPostgresCatalogue(postgres, { distDir, memory: 'never' })
  const exact = createPostgresCatalogue(postgres, { distDir, memory: 'never', exactUpTo: Number.POSITIVE_INFINITY })
  await memory.stats(MODEL)
  const tables = postgres.tables('bench', [])
  await fill(memory, tables, makeVectors(photos, groups))
  const firstViews = queries.map(([view]) => (view ? [view] : []))
  const measureAll = async (name: string, fast: Catalogue): Promise<void> => {
    await measure(`${name}, 1 view`, fast, exact, firstViews, {})
    await measure(`${name}, 1 view, price and place`, fast, exact, firstViews, FILTERS)
    await measure(`${name}, ${queries[0]?.length} views, price and place`, fast, exact, queries, FILTERS)
  }
  const start = performance.now()
  await search(memory, firstViews[0] ?? [], {})
  console.log(`read into memory in ${((performance.now() - start) / 1_000).toFixed(1)} s`)
  await measureAll('in memory', memory)
  if (!options['no-index']) {
    await waitForIndex(index, tables, firstViews[0] ?? [])
    await measureAll('by the index', index)
  }
  await postgres.close()
}

await main()
process.exit()
