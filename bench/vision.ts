/**
 * Measures how well pictures match:
 *
 *   npx tsx bench/vision.ts --photos PHOTOS.jsonl --queries QUERIES.jsonl [--dist DIR]
 *
 * PHOTOS.jsonl has one {file, class, split: query|gallery, style?} per line; QUERIES.jsonl has {file, transform, source}
 * with `source` a file of PHOTOS.jsonl. Files are relative to their list. Prints recall@1 and @10 of the altered copies
 * among all photos, precision@10 by class of `query` photos among `gallery` photos, how often each word is said where the
 * item is in the catalogue and where it is not, and milliseconds per picture.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Embedder } from '../src/vision/embedder.ts'
import { openEmbedder } from '../test/support/decoder.ts'
import { dot, type ScoredQuery, wordTable } from './vision-words.ts'

interface Photo {
  file: string
  class: string
  split: string
  style?: string
}
interface Query {
  file: string
  transform: string
  source: string
}
/** At unit length; this bench ranks by an exact scan over floats. */
type Views = Float32Array[]

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string' },
    queries: { type: 'string' },
    dist: { type: 'string', default: path.join(import.meta.dirname, '..', 'dist') },
  },
})

function readLines<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

async function embedFile(embedder: Embedder, file: string, purpose: 'index' | 'query'): Promise<Views> {
  const { vectors } = await embedder.embed(readFileSync(file), purpose)
  return vectors.map(vector => {
    const length = Math.hypot(...vector)
    return Float32Array.from(vector, value => value / length)
  })
}

function similarity(views: Views, [row]: Views): number {
  let best = -1
  for (const view of views) best = Math.max(best, dot(view, row))
  return best
}

/** Indexes of `scores`, highest first. */
function rank(scores: readonly number[]): number[] {
  return scores.map((_, i) => i).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
}

function percent(hits: number, all: number): string {
  return ((100 * hits) / all).toFixed(1).padStart(6)
}

async function measureRecall(
  embedder: Embedder,
  photos: readonly Photo[],
  rows: readonly Views[],
  file: string,
): Promise<void> {
  const tallies = new Map<string, { all: number; first: number; ten: number }>()
  const scored: ScoredQuery[] = []
  let embedMs = 0
  const queries = readLines<Query>(file)
  for (const { file: name, transform, source } of queries) {
    const start = performance.now()
    const views = await embedFile(embedder, path.join(path.dirname(file), name), 'query')
    embedMs += performance.now() - start
    const own = photos.findIndex(photo => photo.file === source)
    const scores = rows.map(row => similarity(views, row))
    scored.push({ own, scores })
    const place = rank(scores).indexOf(own)
    for (const key of ['all', transform]) {
      const tally = tallies.get(key) ?? { all: 0, first: 0, ten: 0 }
      tally.all++
      if (place === 0) tally.first++
      if (place < 10) tally.ten++
      tallies.set(key, tally)
    }
  }
  console.log('alteration        n    @1     @10')
  for (const [key, { all, first, ten }] of tallies) {
    console.log(`${key.padEnd(14)}${String(all).padStart(5)} ${percent(first, all)} ${percent(ten, all)}`)
  }
  const indexed = photos.map(({ style }, i) => ({ style: style ?? null, vector: rows[i]?.[0] ?? new Float32Array(0) }))
  console.log(`\n${wordTable(indexed, scored, embedder.id)}\n`)
  console.log(`embedding a query: ${(embedMs / queries.length).toFixed(1)} ms`)
}

function measurePrecision(photos: readonly Photo[], rows: readonly Views[], queryRows: readonly Views[]): void {
  const gallery = photos.flatMap((photo, i) => (photo.split === 'gallery' ? [i] : []))
  const galleryRows = gallery.map(i => rows[i] ?? [])
  let [hits, all] = [0, 0]
  for (const [i, photo] of photos.entries()) {
    if (photo.split !== 'query') continue
    const top = rank(galleryRows.map(row => similarity(queryRows[i] ?? [], row))).slice(0, 10)
    hits += top.filter(at => photos[gallery[at] ?? -1]?.class === photo.class).length
    all += top.length
  }
  if (all > 0) console.log(`precision@10 by class: ${percent(hits, all)}`)
}

async function run(photosFile: string, queriesFile: string): Promise<void> {
  const embedder = await openEmbedder('builtin', options.dist)
  const photos = readLines<Photo>(photosFile)
  const fileOf = (photo: Photo) => path.join(path.dirname(photosFile), photo.file)
  const rows: Views[] = []
  const start = performance.now()
  for (const photo of photos) rows.push(await embedFile(embedder, fileOf(photo), 'index'))
  const pictureMs = (performance.now() - start) / photos.length
  console.log(
    `embedding an indexed picture: ${pictureMs.toFixed(1)} ms; 734 pictures: ${((734 * pictureMs) / 1000).toFixed(0)} s`,
  )
  await measureRecall(embedder, photos, rows, queriesFile)
  const queryRows: Views[] = []
  for (const photo of photos)
    queryRows.push(photo.split === 'query' ? await embedFile(embedder, fileOf(photo), 'query') : [])
  measurePrecision(photos, rows, queryRows)
  await embedder.close()
}

if (options.photos === undefined || options.queries === undefined) {
  throw new Error('usage: bench/vision.ts --photos PHOTOS.jsonl --queries QUERIES.jsonl')
}
await run(options.photos, options.queries)
