import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUILTIN_ID } from '../../../src/vision/builtin/id.ts'
import { createShippedVectors } from '../../../src/vision/builtin/shipped-vectors.ts'
import { likenessOf } from '../../../src/vision/likeness.ts'
import { cosineOf } from '../../support/cosine.ts'
import { openEmbedder } from '../../support/decoder.ts'
import { ASSETS_DIR } from '../../support/package-dirs.ts'
import { DEMO_PHOTO } from '../../support/pictures.ts'

const FIXTURES = path.join(import.meta.dirname, '..', '..', 'fixtures')
const PICTURES = path.join(ASSETS_DIR, 'sample', 'pictures')
const kindOf = (file: string) => path.basename(file).replace(/-(\d+|cropped|recoloured|rotated)\.webp$/, '')

interface Best {
  kind: string
  cosine: number
}

const embedder = await openEmbedder()
afterAll(() => embedder.close())
const shipped = createShippedVectors(path.join(ASSETS_DIR, 'sample', 'vectors.json'))

const catalogue = readdirSync(PICTURES)
const known: { file: string; vector: Int8Array }[] = []
beforeAll(async () => {
  for (const file of catalogue) {
    const vector = await shipped(`sample:${file}`, BUILTIN_ID)
    if (vector) known.push({ file, vector })
  }
})

/** The most similar picture of the sample catalogue, as a search ranks it. */
async function bestOf(file: string): Promise<Best> {
  const views = await embedder.embed(readFileSync(file), 'query')
  const scored = known.map(row => ({
    kind: kindOf(row.file),
    cosine: Math.max(...views.map(view => cosineOf(view, row.vector))),
  }))
  return scored.reduce((best, other) => (other.cosine > best.cosine ? other : best))
}

describe('the vectors that come with the package', () => {
  it('cover every picture, for this model only', async () => {
    expect(known).toHaveLength(catalogue.length)
    expect(await shipped(`sample:${catalogue[0]}`, 'another-model')).toBeNull()
    expect(await shipped(`https://example.com/${catalogue[0]}`, BUILTIN_ID)).toBeNull()
  })

  it('equal what the model computes', async () => {
    for (const { file, vector } of known.filter((_, index) => index % 31 === 0)) {
      const [made] = await embedder.embed(readFileSync(path.join(PICTURES, file)), 'index')
      // Decoders of other machines may differ in the last bit of a pixel.
      expect(cosineOf(made ?? new Int8Array(0), vector), file).toBeGreaterThan(0.999)
    }
  })
})

describe('a photo of a product in the sample catalogue', () => {
  // About 90 queries with the real model take seconds.
  it('finds its own kind first for nine of ten kinds, in any orientation', { timeout: 60_000 }, async () => {
    const misses = new Map<string, string[]>()
    const queries = readdirSync(path.join(FIXTURES, 'queries'))
    for (const file of queries) {
      const { kind } = await bestOf(path.join(FIXTURES, 'queries', file))
      const way = file.slice(kindOf(file).length + 1, -'.webp'.length)
      if (kind !== kindOf(file)) misses.set(way, [...(misses.get(way) ?? []), `${file} finds ${kind}`])
    }
    const kinds = new Set(queries.map(kindOf)).size
    expect(kinds).toBeGreaterThanOrEqual(24)
    for (const [way, missed] of misses) expect(missed.length, `${way}: ${missed}`).toBeLessThanOrEqual(kinds / 10)
  })

  it('looks like a hit in the demo', async () => {
    const { kind, cosine } = await bestOf(DEMO_PHOTO)
    expect(kind).toBe('thermos-cup')
    expect(likenessOf(cosine, BUILTIN_ID)).not.toBe('weak')
  })
})

describe('a photo of something else', () => {
  it.each(readdirSync(path.join(FIXTURES, 'unknown')))('does not look like a hit: %s', async file => {
    const { cosine } = await bestOf(path.join(FIXTURES, 'unknown', file))
    expect(likenessOf(cosine, BUILTIN_ID)).toBe('weak')
  })
})
