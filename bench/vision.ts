/**
 * Measures how well pictures match, and how often the words are right:
 *
 *   npm run bench:vision -- --photos PHOTOS.jsonl --queries QUERIES.jsonl [--half even|odd] [--write]
 *
 * PHOTOS.jsonl has one {file, class, split: query|gallery, style?} per line; QUERIES.jsonl has {file, transform, source}
 * with `source` a file of PHOTOS.jsonl. Files are relative to their list. Several sets, each with `--title`, are searched
 * together. `--half` judges words by half of the photos, those on which they were not fitted. `--write` puts the tables
 * into bench/results.md.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { openEmbedder } from '../test/support/decoder.ts'
import { writeMatching } from './results.ts'
import { embedCopies, embedQueries, type Half, indexPhotos, type PhotoSet } from './vision/photo-sets.ts'
import { reportOf } from './vision/report.ts'

const { values: options } = parseArgs({
  options: {
    photos: { type: 'string', multiple: true, default: [] },
    queries: { type: 'string', multiple: true, default: [] },
    title: { type: 'string', multiple: true, default: [] },
    half: { type: 'string' },
    write: { type: 'boolean', default: false },
    dist: { type: 'string', default: path.join(import.meta.dirname, '..', 'dist') },
  },
})

function setsOf({ photos, queries, title }: typeof options): PhotoSet[] {
  if (photos.length === 0 || photos.length !== queries.length) {
    throw new Error('usage: bench/vision.ts --photos PHOTOS.jsonl --queries QUERIES.jsonl, once for each set')
  }
  return photos.map((file, index) => ({ photos: file, queries: queries[index] ?? '', title: title[index] ?? file }))
}

function halfOf(text: string | undefined): Half | null {
  if (text === undefined || text === 'even' || text === 'odd') return text ?? null
  throw new Error(`--half is even or odd, not ${text}`)
}

async function measure(sets: readonly PhotoSet[], half: Half | null): Promise<string> {
  const embedder = await openEmbedder('builtin', options.dist)
  const photos = await indexPhotos(embedder, sets)
  const copies = await embedCopies(embedder, sets, photos)
  const byClass = await embedQueries(embedder, sets, photos)
  await embedder.close()
  return reportOf(sets, photos, copies, byClass, { model: embedder.id, half })
}

const report = await measure(setsOf(options), halfOf(options.half))
console.log(report)
if (options.write) writeMatching(report)
