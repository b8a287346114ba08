import { afterAll, expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import type { OfferStatus } from '../../../src/offers/offer.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createGetCards } from '../../../src/use-cases/offer/get-cards.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { createBuiltDecoder } from '../../support/decoder.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'

const DAY_MS = 86_400_000
const NOW = 100 * DAY_MS

const decoder = createBuiltDecoder()
const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
afterAll(() => Promise.all([decoder.close(), catalogue.close()]))

it('cards say whether an offer can be ordered if its details said so lately, and nothing otherwise', async () => {
  const said: Record<string, { status?: OfferStatus; ageDays: number }> = {
    '70001': { status: 'sold_out', ageDays: 1 },
    '70002': { status: 'on_sale', ageDays: 0 },
    '70003': { status: 'sold_out', ageDays: 3 },
    '70004': { ageDays: 0 },
  }
  const offerIds = [...Object.keys(said), '70005']
  await catalogue.putOffers(
    'tmapi',
    offerIds.map(offerId => makeOffer(offerId)),
    NOW,
  )
  const getCards = createGetCards({
    catalogue,
    decoder,
    catalogueReader: { read: () => Promise.reject(new Error('no picture was asked for')), close: async () => {} },
    sourceNames: ['tmapi'],
    readPast: async (source, offerId, kind) => {
      expect([source, kind]).toEqual(['tmapi', 'details'])
      const { ageDays, ...facts } = said[offerId] ?? { ageDays: null }
      return ageDays === null ? [] : [{ facts, lastAt: NOW - ageDays * DAY_MS }]
    },
    now: () => NOW,
  })
  const call = { signal: new AbortController().signal }
  const statusesOf = async (withStatus: boolean) =>
    (await getCards({ offerIds, withThumbnails: false, withStatus }, call)).map(({ status }) => status)
  expect(await statusesOf(true)).toEqual(['sold_out', 'on_sale', null, null, null])
  expect(await statusesOf(false)).toEqual(Array(5).fill(null))
})
