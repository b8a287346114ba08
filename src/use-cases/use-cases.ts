/**
 * Every use case, as called by tools, the command line and HTTP. `Services`, the lazy app and the charging of HTTP
 * callers are derived from this record, which imports a use case only when it is first called.
 */
import type { CallOptions } from '../upstream-calls/call-options.ts'

/**
 * How a caller who does not own the upstream keys is charged (http/access/payer.ts): `per_call` for each upstream call
 * as it is made, `quoted` for the price of a dry run in advance, `budgeted` for at most what the account has left,
 * `free` not at all, without counting against the rate.
 */
export type Charge = 'per_call' | 'quoted' | 'budgeted' | 'free'

/** Each factory's dependencies are checked in app/build-services.ts, which calls them all. */
export interface UseCase {
  charge: Charge
  load: () => Promise<(deps: never) => (request: never, call: CallOptions) => Promise<unknown>>
}

export const USE_CASES = {
  searchByImage: {
    charge: 'per_call',
    load: async () => (await import('./search/search-by-image.ts')).createSearchByImage,
  },
  searchByKeyword: {
    charge: 'per_call',
    load: async () => (await import('./search/search-by-keyword.ts')).createSearchByKeyword,
  },
  pickPhoto: { charge: 'free', load: async () => (await import('./search/pick-photo.ts')).createPickPhoto },
  awaitPhoto: { charge: 'free', load: async () => (await import('./search/photos/await-photo.ts')).createAwaitPhoto },
  keepPhoto: { charge: 'free', load: async () => (await import('./search/photos/keep-photo.ts')).createKeepPhoto },
  listIndex: { charge: 'per_call', load: async () => (await import('./search/list-index.ts')).createListIndex },
  getDetails: { charge: 'per_call', load: async () => (await import('./offer/get-details.ts')).createGetDetails },
  getSupplier: { charge: 'per_call', load: async () => (await import('./offer/get-supplier.ts')).createGetSupplier },
  getQueryPicture: {
    charge: 'free',
    load: async () => (await import('./search/get-query-picture.ts')).createGetQueryPicture,
  },
  getCards: { charge: 'free', load: async () => (await import('./offer/get-cards.ts')).createGetCards },
  getPreviews: { charge: 'free', load: async () => (await import('./offer/get-previews.ts')).createGetPreviews },
  getThumbnail: { charge: 'free', load: async () => (await import('./offer/get-thumbnail.ts')).createGetThumbnail },
  compareOffers: {
    charge: 'quoted',
    load: async () => (await import('./buying/compare-offers.ts')).createCompareOffers,
  },
  estimateLandedCost: {
    charge: 'quoted',
    load: async () => (await import('./buying/estimate-landed-cost.ts')).createEstimateLandedCost,
  },
  exportOffers: {
    charge: 'quoted',
    load: async () => (await import('./buying/export-offers.ts')).createExportOffers,
  },
  readExport: { charge: 'free', load: async () => (await import('./buying/read-export.ts')).createReadExport },
  findCurrency: {
    charge: 'free',
    load: async () => (await import('./buying/find-currency.ts')).createFindCurrency,
  },
  draftInquiry: {
    charge: 'free',
    load: async () => (await import('./buying/draft-inquiry.ts')).createDraftInquiry,
  },
  sourceMany: {
    charge: 'budgeted',
    load: async () => (await import('./buying/source-many.ts')).createSourceMany,
  },
  syncCatalogue: {
    charge: 'budgeted',
    load: async () => (await import('./catalogue/sync-catalogue.ts')).createSyncCatalogue,
  },
  importOffers: {
    charge: 'free',
    load: async () => (await import('./catalogue/import-offers.ts')).createImportOffers,
  },
  watchOffers: { charge: 'free', load: async () => (await import('./watching/watch-offers.ts')).createWatchOffers },
  checkWatched: {
    charge: 'budgeted',
    load: async () => (await import('./watching/check-watched.ts')).createCheckWatched,
  },
  describeCatalogue: {
    charge: 'free',
    load: async () => (await import('./catalogue/describe-catalogue.ts')).createDescribeCatalogue,
  },
  completeOfferIds: {
    charge: 'free',
    load: async () => (await import('./catalogue/complete-offer-ids.ts')).createCompleteOfferIds,
  },
  getUsage: { charge: 'free', load: async () => (await import('./get-usage.ts')).createGetUsage },
} satisfies Record<string, UseCase>

export type UseCaseName = keyof typeof USE_CASES

/** Each rejects with AppError. */
export type Services = {
  readonly [Name in UseCaseName]: ReturnType<Awaited<ReturnType<(typeof USE_CASES)[Name]['load']>>>
}

export type ChargedAs<C extends Charge> = {
  [Name in UseCaseName]: (typeof USE_CASES)[Name]['charge'] extends C ? Name : never
}[UseCaseName]

export type RequestOf<C extends Charge> = Services[ChargedAs<C>] extends (
  request: infer Request,
  call: CallOptions,
) => unknown
  ? Request
  : never

export function isChargedAs<C extends Charge>(name: UseCaseName, charge: C): name is ChargedAs<C> {
  return USE_CASES[name].charge === charge
}

export function mapUseCases(
  make: (name: UseCaseName) => (request: never, call: CallOptions) => Promise<unknown>,
): Services {
  const made: Record<string, unknown> = {}
  for (const name of NAMES) made[name] = make(name)
  if (!isComplete(made)) throw new Error('a use case is missing')
  return made
}

const NAMES = Object.keys(USE_CASES).filter(isUseCaseName)

/** TypeScript cannot check that each function belongs to its name; the caller of `mapUseCases` ensures it. */
function isComplete(made: object): made is Services {
  return NAMES.every(name => name in made)
}

function isUseCaseName(name: string): name is UseCaseName {
  return name in USE_CASES
}
