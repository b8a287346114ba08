/** Use cases that know one offer, cost what the test sets, and can be held. */
import { AppError, throwIfAborted } from '../../src/errors.ts'
import { compareOffers } from '../../src/offers/comparison.ts'
import { NO_EVIDENCE } from '../../src/offers/evidence/evidence.ts'
import { NOTHING_MORE, type OfferDetails } from '../../src/offers/offer.ts'
import type { CompareResult } from '../../src/offers/results/comparison-result.ts'
import type { DetailsResult, SearchResult } from '../../src/offers/results/results.ts'
import type { CallOptions } from '../../src/upstream-calls/call-options.ts'
import type { Services } from '../../src/use-cases/use-cases.ts'

export const OFFER: OfferDetails = {
  offerId: '7000000001',
  title: '测试防晒口罩',
  price: { text: '2.88-25.65', min: 2.88, max: 25.65 },
  moq: 2,
  unit: '件',
  shopName: '示例服饰厂',
  city: '金华市',
  province: null,
  imageUrl: 'https://cbu01.alicdn.com/img/ibank/one.jpg',
  images: ['https://cbu01.alicdn.com/img/ibank/one.jpg'],
  priceTiers: [],
  skus: [],
  ...NOTHING_MORE,
}

export interface StubServices extends Services {
  /** Credits per call; 0 for a cached answer. */
  cost: number
  /** Credits reserved per call; `null`: {@link StubServices.cost}. */
  reserve: number | null
  /** Thrown by every call if set. */
  failure: Error | null
  begun: number
  /** Calls whose caller disconnected. */
  abandoned: number
  /** Holds all answers, or those of searches, until the returned function is called. */
  hold(what?: 'all' | 'search'): () => void
}

const NO_SUCH_OFFER = new AppError({ code: 'not_found', message: 'No such offer.', hint: 'Look.' })

export function createStubServices(): StubServices {
  let gate: Promise<void> | null = null
  let isSearchOnly = false
  const enter = async ({ signal, payer }: CallOptions, isSearch = false, failure = stub.failure): Promise<void> => {
    stub.begun += 1
    const credits = stub.reserve ?? stub.cost
    if (credits > 0) await payer?.reserve(credits)
    const takeCost = payer?.sent()
    const gone = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    if (gate && (isSearch || !isSearchOnly)) await Promise.race([gate, gone])
    if (signal.aborted) {
      stub.abandoned += 1
      // As at a real upstream, the request goes on.
      const { cost } = stub
      void gate?.then(() => takeCost?.(cost))
    }
    throwIfAborted(signal)
    takeCost?.(failure instanceof AppError ? failure.creditsSpent : stub.cost)
    if (failure) throw failure
  }
  const frame = () => ({
    source: { upstream: 'parse', retrievedAt: Date.now(), ageS: 0, stale: false },
    credits: { spent: stub.cost, remaining: null },
    remarks: [],
  })
  const search = (page: number, pageSize: number, query: string): SearchResult => ({
    products: [{ offer: OFFER, source: 'parse', similarity: 0.9, likeness: 'same item', unlisted: [] }],
    page,
    pageSize,
    totalFound: 1,
    query,
    match: { method: 'visual', compared: 1, known: 1, embedder: 'stub', best: 'same item' },
    ...frame(),
  })
  const stub: StubServices = {
    cost: 1,
    reserve: null,
    failure: null,
    begun: 0,
    abandoned: 0,
    hold: (what = 'all') => {
      isSearchOnly = what === 'search'
      let release = () => {}
      gate = new Promise(resolve => {
        release = () => {
          gate = null
          resolve()
        }
      })
      return () => release()
    },
    searchByImage: async ({ page, pageSize, image }, call) => {
      await enter(call, true)
      call.onProgress?.({ done: 1, message: 'half way' })
      return search(page, pageSize, typeof image === 'string' ? image : image.kind)
    },
    searchByKeyword: async ({ page, pageSize, keyword }, call) => {
      await enter(call)
      return search(page, pageSize, keyword)
    },
    pickPhoto: async ({ origin }) => ({
      address: `${origin}/photo/AAAAAAAAAAAAAAAAAAAAAA`,
      handle: 'photo:BBBBBBBBBBBBBBBBBBBBBB',
      expiresAt: 0,
    }),
    awaitPhoto: async () => false,
    keepPhoto: async () => 'photo:DDDDDDDDDDDDDDDDDDDDDD',
    listIndex: async ({ page, pageSize, query }, call) => {
      await enter(call)
      return search(page, pageSize, query)
    },
    getDetails: async ({ offerId }, call): Promise<DetailsResult> => {
      await enter(call, false, offerId === OFFER.offerId ? stub.failure : NO_SUCH_OFFER)
      return { details: OFFER, ...frame() }
    },
    getSupplier: async ({ page, pageSize, dryRun }, call) => {
      await enter(call)
      const { shopName, city, province } = OFFER
      return {
        shopId: null,
        shopName,
        city,
        province,
        evidence: NO_EVIDENCE,
        profile: null,
        unread: [],
        isDryRun: dryRun,
        offers: { list: [], page, pageSize, totalFound: 0, hasMore: false, from: 'catalogue' },
        ...frame(),
      }
    },
    compareOffers: async ({ references, wishes, dryRun }, call): Promise<CompareResult> => {
      if (!dryRun) await enter(call)
      const { source, credits, remarks } = frame()
      const offers = references.length
      return {
        wishes,
        isDryRun: dryRun,
        cost: { offers, free: 0, credits: stub.cost },
        ...compareOffers(dryRun ? [] : [OFFER], wishes),
        sources: new Map(),
        failures: [],
        source,
        credits: { ...credits, spent: dryRun ? 0 : credits.spent },
        remarks,
      }
    },
    estimateLandedCost: async ({ references, quantity, destination, dryRun }, call) => {
      if (!dryRun) await enter(call)
      const { source, credits, remarks } = frame()
      return {
        isDryRun: dryRun,
        cost: { offers: references.length, free: 0, credits: stub.cost },
        offers: [],
        currency: null,
        wantedQuantity: quantity,
        unread: null,
        destination,
        sources: new Map(),
        failures: [],
        source,
        credits: { ...credits, spent: dryRun ? 0 : credits.spent },
        remarks,
      }
    },
    exportOffers: async ({ references, dryRun }, call) => {
      if (!dryRun) await enter(call)
      const { source, credits, remarks } = frame()
      const offers = references.length
      const cost = { offers, free: 0, credits: stub.cost }
      const about = { cost, offers, pictures: 0, failed: 0, hasLandedCost: false, source, remarks }
      return { ...about, file: null, credits: { ...credits, spent: dryRun ? 0 : credits.spent } }
    },
    findCurrency: async () => ({ currency: null, remarks: [] }),
    readExport: async () => null,
    sourceMany: async ({ maxCredits, dryRun }, call) => {
      if (!dryRun) await enter(call)
      const { source, credits, remarks } = frame()
      const spent = dryRun ? 0 : Math.min(stub.cost, maxCredits)
      return {
        products: [],
        suppliers: [],
        isDryRun: dryRun,
        maxCredits,
        source,
        credits: { ...credits, spent },
        remarks,
      }
    },
    syncCatalogue: async ({ maxCredits }, call) => {
      await enter(call)
      const { credits, remarks } = frame()
      return {
        upstream: 'parse',
        fetched: 0,
        total: 0,
        creditsToFinish: 0,
        offers: 0,
        compared: 0,
        picturesPending: 0,
        retryAfterMs: null,
        credits: { ...credits, spent: Math.min(stub.cost, maxCredits) },
        remarks,
      }
    },
    importOffers: async () => ({
      isImported: false,
      reading: '',
      columns: [],
      offers: 0,
      samples: [],
      rejected: [],
      notes: [],
      unconverted: {},
      converted: [],
      unusedPictures: [],
      changes: null,
      own: null,
    }),
    watchOffers: async () => ({ watched: [], added: 0, removed: 0 }),
    checkWatched: async ({ maxCredits }, call) => {
      await enter(call)
      const { credits, remarks } = frame()
      return {
        watched: 1,
        checked: 1,
        left: 0,
        nextDueAt: null,
        changes: [],
        unreported: 0,
        failures: [],
        stoppedBecause: null,
        isOutOfCredits: false,
        remarks,
        credits: { ...credits, spent: Math.min(stub.cost, maxCredits) },
      }
    },
    draftInquiry: async request => ({ ...request, known: null, credits: { spent: 0, remaining: null } }),
    getCards: async () => [],
    getQueryPicture: async () => null,
    getThumbnail: async () => ({ bytes: new Uint8Array(), width: 1, height: 1 }),
    getPreviews: async () => [],
    describeCatalogue: async () => ({ sources: [], offers: [], leftOut: 0 }),
    completeOfferIds: async () => [],
    getUsage: async () => ({ upstream: 'parse', limits: null, cache: null, catalogue: [], index: null, remarks: [] }),
  }
  return stub
}
