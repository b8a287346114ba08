import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { createLogger } from '../../../src/log.ts'
import type { Likeness, RankedOffer } from '../../../src/offers/results/results.ts'
import { noteOf } from '../../../src/shape/text/remarks.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createSources } from '../../../src/use-cases/catalogue-sources.ts'
import { createFindOwnMatches } from '../../../src/use-cases/search/own-matches.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { ROOT } from '../../support/program.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const { signal } = new AbortController()
const logger = createLogger({ level: 'silent', secrets: [], write: () => {} })
const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: path.join(ROOT, 'dist') })
afterAll(() => catalogue.close())

const ranked = (id: number, likeness: Likeness | null): RankedOffer => ({
  offer: makeOffer(`79100000000${id}`, { title: `Cup ${id}` }),
  source: 'import',
  similarity: 0.9,
  likeness,
  unlisted: [],
})
const OWN = [
  ranked(1, 'same item'),
  ranked(2, 'probably the same item'),
  ranked(3, 'same item'),
  ranked(4, 'same item'),
  ranked(5, 'similar'),
]
const picture = { vectors: [], previousVectors: null, regions: [] }

const sources = createSources({ catalogue, upstreams: [makeUpstreamClient('tmapi', 1)], isSampleStandIn: true })
const find = createFindOwnMatches({ sources, logger })
const search = (
  asked: Partial<Parameters<typeof find>[0]> = {},
  onPage: readonly RankedOffer[] = [],
  totalFound = OWN.length,
) => {
  const answer = { products: OWN, totalFound, match: MATCH, remarks: [], retrievedAt: null }
  return find(
    { page: 1, picture: { ...picture, found: new Set() }, searchCatalogue: async () => answer, ...asked },
    onPage,
    signal,
  )
}
const MATCH = { method: 'visual' as const, compared: 5, known: 5, embedder: null, best: null }

it('imported offers that match are named on the first page of an upstream, the others counted', async () => {
  expect(await search()).toEqual([])
  await catalogue.putOffers('import', [makeOffer('791000000001')], 0)
  expect(noteOf(await search())).toBe(
    'Imported offers match too, beside this page: 791000000001 (same item: Cup 1); 791000000002 (probably the same item: Cup 2); 791000000003 (same item: Cup 3); 1 more.',
  )
  expect(await search({ page: 2 })).toEqual([])
})

it('those that the page lists are not named again, and words need no likeness', async () => {
  const note = noteOf(await search({ picture: null }, OWN.slice(0, 4)))
  expect(note).toBe('Imported offers match too, beside this page: 791000000005 (similar: Cup 5).')
})

it('no figure is given where more may match than were ranked', async () => {
  expect(noteOf(await search({}, [], 40))).toContain('(same item: Cup 3); and more.')
  expect(noteOf(await search({}, OWN.slice(0, 2), 40))).toMatch(/\(same item: Cup 4\)\.$/)
  expect(noteOf(await search({ picture: null }, OWN.slice(2), 40))).toMatch(
    /\(probably the same item: Cup 2\); and more\.$/,
  )
})

it('a catalogue that fails costs the note, not the answer', async () => {
  expect(await search({ searchCatalogue: () => Promise.reject(new Error('damaged')) })).toEqual([])
})
