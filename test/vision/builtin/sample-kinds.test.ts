import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { referenceOf } from '../../../src/catalogue/ranking/reference.ts'
import type { Likeness } from '../../../src/offers/results/results.ts'
import { BUILTIN_ID } from '../../../src/vision/builtin/id.ts'
import { createShippedVectors } from '../../../src/vision/builtin/shipped-vectors.ts'
import { likenessOf, sameThingCosine } from '../../../src/vision/likeness.ts'
import { cosineOf } from '../../support/cosine.ts'
import { openEmbedder } from '../../support/decoder.ts'
import { ASSETS_DIR } from '../../support/package-dirs.ts'
import { DEMO_PHOTO } from '../../support/pictures.ts'

const FIXTURES = path.join(import.meta.dirname, '..', '..', 'fixtures')
const PICTURES = path.join(ASSETS_DIR, 'sample', 'pictures')
const kindOf = (file: string) => path.basename(file).replace(/-(\d+|cropped|recoloured|rotated)\.webp$/, '')

interface Best {
  kind: string
  word: Likeness | null
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
  const { vectors: views } = await embedder.embed(readFileSync(file), 'query')
  const scored = known
    .map(({ file: name, vector }, id) => ({
      id,
      offerId: name,
      source: 'sample',
      vector,
      cosine: Math.max(...views.map(view => cosineOf(view, vector))),
    }))
    .sort((a, b) => b.cosine - a.cosine)
  const [best] = scored
  if (!best) throw new Error('no sample has a vector')
  const toBest = scored.map(({ vector }) => cosineOf(best.vector, vector))
  const sameThing = sameThingCosine(BUILTIN_ID)
  const reference = referenceOf(scored, toBest, { sameThing, found: new Set() }, scored.length)
  return { kind: kindOf(best.offerId), word: likenessOf(best.cosine, BUILTIN_ID, reference) }
}

describe('the vectors that come with the package', () => {
  it('cover every picture, for this model only', async () => {
    expect(known).toHaveLength(catalogue.length)
    expect(await shipped(`sample:${catalogue[0]}`, 'another-model')).toBeNull()
    expect(await shipped(`https://example.com/${catalogue[0]}`, BUILTIN_ID)).toBeNull()
  })

  it('equal what the model computes', async () => {
    for (const { file, vector } of known.filter((_, index) => index % 31 === 0)) {
      const [made] = (await embedder.embed(readFileSync(path.join(PICTURES, file)), 'index')).vectors
      // Decoders of other machines may differ in the last bit of a pixel.
      expect(cosineOf(made ?? new Int8Array(0), vector), file).toBeGreaterThan(0.999)
    }
  })
})

describe('a photo of a product in the sample catalogue', () => {
  // About 90 queries with the real model take seconds.
  it('finds its own kind first for nine of ten kinds, and no other is called the same item', {
    timeout: 60_000,
  }, async () => {
    const misses: string[] = []
    const queries = readdirSync(path.join(FIXTURES, 'queries'))
    for (const file of queries) {
      const { kind, word } = await bestOf(path.join(FIXTURES, 'queries', file))
      if (kind === kindOf(file)) continue
      expect(word, file).not.toBe('same item')
      misses.push(`${file} finds ${kind}`)
    }
    const kinds = new Set(queries.map(kindOf)).size
    expect(kinds).toBeGreaterThanOrEqual(24)
    expect(misses.length, misses.join()).toBeLessThanOrEqual(queries.length / 10)
  })

  it('looks like a hit in the demo', async () => {
    const { kind, word } = await bestOf(DEMO_PHOTO)
    expect(kind).toBe('thermos-cup')
    expect(word).toBe('same item')
  })
})

describe('a photo of something else', () => {
  it.each(readdirSync(path.join(FIXTURES, 'unknown')))('does not look like a hit: %s', async file => {
    const { word } = await bestOf(path.join(FIXTURES, 'unknown', file))
    expect(word).toMatch(/^(similar|not alike)$/)
  })
})
