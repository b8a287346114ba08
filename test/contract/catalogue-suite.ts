/** What every catalogue must do, whichever store it is kept in. */
import { afterEach, beforeEach, describe } from 'vitest'
import type { Catalogue, NearestQuery, NearestResult } from '../../src/catalogue/catalogue.ts'
import type { OfferSummary } from '../../src/offers/offer.ts'
import { MODEL, makeVector, pictureOf } from '../support/catalogue-offers.ts'
import { describeOffers } from './catalogue-offer-cases.ts'
import { describeOwners } from './catalogue-owner-cases.ts'
import { describePhotos } from './catalogue-photo-cases.ts'
import { describeRanking } from './catalogue-ranking-cases.ts'
import { describeReference } from './catalogue-reference-cases.ts'
import { describeWords } from './catalogue-word-cases.ts'

/** A store that several handles can be opened on, as several processes would. */
export interface CatalogueStore {
  open(): Promise<Catalogue>
  /** Closes all handles and removes the store. */
  dispose(): Promise<void>
}

/** What the cases work with; each case has its own empty store. */
export interface CatalogueUnderTest {
  readonly catalogue: Catalogue
  /** Another handle on the same store. */
  openAnother(): Promise<Catalogue>
  /** Keeps offers of a source with their vectors. */
  embed(source: string, offers: readonly OfferSummary[], vectorOf: (index: number) => Int8Array): Promise<void>
  /** Ranks offers of `parse`, unless something else is asked for. */
  nearest(query?: Partial<NearestQuery>, on?: Catalogue): Promise<NearestResult>
  /** The ids that `nearest` gives. */
  idsOf(query?: Partial<NearestQuery>, on?: Catalogue): Promise<string[]>
}

/** Runs the suite on stores that `create` makes, each empty. */
export function describeCatalogue(name: string, create: () => Promise<CatalogueStore>): void {
  describe(`catalogue on ${name}`, () => {
    let store: CatalogueStore
    let catalogue: Catalogue

    beforeEach(async () => {
      store = await create()
      catalogue = await store.open()
    })
    afterEach(() => store.dispose())

    const test: CatalogueUnderTest = {
      get catalogue() {
        return catalogue
      },
      openAnother: () => store.open(),
      async embed(source, offers, vectorOf) {
        await catalogue.putOffers(source, offers, 1000)
        for (const [index, offer] of offers.entries()) {
          await catalogue.putEmbedding(pictureOf(source, offer), MODEL, vectorOf(index))
        }
      },
      nearest: (query = {}, on = catalogue) =>
        on.nearest({
          model: MODEL,
          vectors: [makeVector(0)],
          sources: ['parse'],
          filters: {},
          offset: 0,
          limit: 10,
          ...query,
        }),
      idsOf: async (query, on) => (await test.nearest(query, on)).hits.map(hit => hit.offer.offerId),
    }
    describeOffers(test)
    describeWords(test)
    describeRanking(test)
    describeReference(test)
    describePhotos(test)
    describeOwners(test)
  })
}
