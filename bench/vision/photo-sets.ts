/** Reads lists of photos and of altered copies, and embeds what they name. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Embedder } from '../../src/vision/embedder.ts'

/** Lists of JSON lines; files are relative to their list. */
export interface PhotoSet {
  title: string
  /** Of {@link Photo}. */
  photos: string
  /** Of {@link Query}. */
  queries: string
}

interface Photo {
  file: string
  class: string
  split: string
  /** Photos of one style are one item in several colours and views. */
  style?: string
}

interface Query {
  file: string
  transform: string
  /** A file of the photos. */
  source: string
}

/** All vectors are at unit length: this bench ranks by an exact scan over floats. */
export interface IndexedPhoto extends Photo {
  set: number
  vector: Float32Array
}

export interface AlteredCopy {
  set: number
  transform: string
  /** The index of its source among all photos. */
  own: number
  views: Float32Array[]
  /** As it would be stored; only of photos with a style. */
  stored: Float32Array | null
}

/** Enough to keep both picture processes busy. */
const LANES = 3

export function readLines<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

export async function indexPhotos(embedder: Embedder, sets: readonly PhotoSet[]): Promise<IndexedPhoto[]> {
  const photos = sets.flatMap((set, at) =>
    readLines<Photo>(set.photos).map(photo => ({ ...photo, set: at, path: beside(set.photos, photo.file) })),
  )
  return inLanes(photos, async ({ path: file, ...photo }) => ({ ...photo, vector: await storedVector(embedder, file) }))
}

export async function embedCopies(
  embedder: Embedder,
  sets: readonly PhotoSet[],
  photos: readonly IndexedPhoto[],
): Promise<AlteredCopy[]> {
  const copies = sets.flatMap((set, at) =>
    readLines<Query>(set.queries).map(({ file, transform, source }) => {
      const own = photos.findIndex(photo => photo.set === at && photo.file === source)
      return { set: at, transform, own, file: beside(set.queries, file) }
    }),
  )
  return inLanes(copies, async ({ file, ...copy }) => ({
    ...copy,
    views: await queryViews(embedder, file),
    stored: photos[copy.own]?.style === undefined ? null : await storedVector(embedder, file),
  }))
}

/** Of the photos that search by class. */
export async function embedQueries(
  embedder: Embedder,
  sets: readonly PhotoSet[],
  photos: readonly IndexedPhoto[],
): Promise<ReadonlyMap<IndexedPhoto, Float32Array[]>> {
  const searching = photos.filter(({ split }) => split === 'query')
  const views = await inLanes(searching, ({ set, file }) => queryViews(embedder, beside(sets[set]?.photos ?? '', file)))
  return new Map(searching.map((photo, index) => [photo, views[index] ?? []]))
}

async function queryViews(embedder: Embedder, file: string): Promise<Float32Array[]> {
  return (await embedder.embed(readFileSync(file), 'query')).vectors.map(toUnit)
}

async function storedVector(embedder: Embedder, file: string): Promise<Float32Array> {
  const [vector] = (await embedder.embed(readFileSync(file), 'index')).vectors
  return toUnit(vector ?? new Int8Array(0))
}

export type Half = 'even' | 'odd'

/** By the hash of the style, or of the file of a photo without: what words are fitted on is not what they are judged by. */
export function isInHalf(photo: IndexedPhoto | undefined, half: Half): boolean {
  const hash = createHash('md5')
    .update(photo?.style ?? photo?.file ?? '')
    .digest()
  return (hash.readUInt8(0) % 2 === 0) === (half === 'even')
}

export function dot(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b) return 0
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** Of the best view. */
export function cosineOfViews(views: readonly Float32Array[], vector: Float32Array): number {
  return Math.max(...views.map(view => dot(view, vector)))
}

/** Indexes of `scores`, highest first. */
export function ranked(scores: readonly number[]): number[] {
  return scores.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
}

function beside(list: string, file: string): string {
  return path.join(path.dirname(list), file)
}

function toUnit(vector: Int8Array): Float32Array {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, value => value / length)
}

async function inLanes<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  const queue = items.entries()
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return results
}
