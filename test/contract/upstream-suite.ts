/** What every upstream promises, whatever is behind it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { evidenceOf } from '../../src/offers/evidence/evidence.ts'
import { isOfferId } from '../../src/offers/id/offer-id.ts'
import type { OfferSummary } from '../../src/offers/offer.ts'
import type {
  KeywordSearch,
  OfferPage,
  PageQuery,
  PictureMatcher,
  ProductIndex,
  QueryPicture,
  ShopReader,
  Upstream,
} from '../../src/upstreams/port.ts'

export interface UpstreamUnderTest {
  upstream: Upstream
  /** Well-formed, and not there. */
  unknownOfferId: string
  close(): Promise<void>
}

/** An upstream under test that has its own search. It knows more than a page of offers, and some for `keyword`. */
export interface SearchUnderTest extends UpstreamUnderTest {
  picture: QueryPicture
  keyword: string
}

const signal = new AbortController().signal

/** Runs the suite of upstreams with an index. `create` is called once. */
export function describeUpstream(name: string, create: () => Promise<UpstreamUnderTest>): void {
  describe(`upstream contract: ${name}`, () => {
    let tested: UpstreamUnderTest

    beforeAll(async () => {
      tested = await create()
    })
    afterAll(() => tested?.close())

    it('serves its index page by page, each offer once, until nothing is left', async () => {
      const index = indexOf(tested)
      const seen = new Set<string>()
      let total: number | null = null
      for (let page = 1; ; page++) {
        const { value } = await index.fetchPage(page, signal)
        expect(value.offers.length).toBeLessThanOrEqual(index.maxPageSize)
        if (value.offers.length === 0) break
        total = value.totalFound
        expectNew(value.offers, seen)
      }
      expect(seen.size).toBeGreaterThan(index.maxPageSize)
      expect(total).toBe(seen.size)
    })

    it('reads the details of an offer of its index', async () => {
      const { value } = await indexOf(tested).fetchPage(1, signal)
      await expectDetails(tested.upstream, value.offers)
    })

    it('says that an offer is not there', () => expectNotFound(tested))

    it('reports what its key may do', () => expectAccess(tested))

    it('reports what each call did on the wire', async () => {
      const { report } = await indexOf(tested).fetchPage(1, signal)
      expect(report).toMatchObject({ kind: 'answered', status: 200 })
    })
  })
}

/** Runs the suite of upstreams that search by themselves. `create` is called once. */
export function describeSearchUpstream(name: string, create: () => Promise<SearchUnderTest>): void {
  describe(`search upstream contract: ${name}`, () => {
    let tested: SearchUnderTest

    beforeAll(async () => {
      tested = await create()
    })
    afterAll(() => tested?.close())

    it('matches a picture page by page, each offer once, until it says that there are no more', async () => {
      const pictures = matcherOf(tested)
      const handle = await handleOf(tested)
      const pages = (query: PageQuery) => pictures.fetchMatches(handle, query, signal)
      await expectPages(pages, pictures.maxPageSize)
    })

    it('has a handle of a foreign picture only after a call, and says how long that lasts', () => {
      const pictures = matcherOf(tested)
      expect(pictures.handleOf(tested.picture)).toBeNull()
      expect(pictures.handleTtlMs).toBeGreaterThan(0)
    })

    it('finds offers by words, and none for words that nobody uses', async () => {
      const keywords = keywordsOf(tested)
      const query = { page: 1, pageSize: keywords.maxPageSize }
      const { value, report } = await keywords.fetchByKeyword(tested.keyword, query, signal)
      expectNew(value.offers, new Set())
      expect(value.offers.length).toBeGreaterThan(0)
      expect(report).toMatchObject({ kind: 'answered', status: 200 })
      const none = await keywords.fetchByKeyword('不存在的词', query, signal)
      expect(none.value).toMatchObject({ offers: [], totalFound: 0, hasMore: false })
    })

    it('lists what a shop offers, found by the shop of an offer', async () => {
      const shops = shopsOf(tested)
      const shopId = await shopIdOf(tested)
      await expectPages(query => shops.fetchOffers(shopId, query, signal), shops.maxPageSize)
      const profile = await shops.fetchProfile?.(shopId, signal)
      if (profile) expect(profile.value).toMatchObject({ shopId, companyName: expect.any(String) })
    })

    it('reads the details of an offer that it found', async () => {
      const { value } = await matcherOf(tested).fetchMatches(await handleOf(tested), { page: 1, pageSize: 5 }, signal)
      expect(value.offers).toHaveLength(5)
      await expectDetails(tested.upstream, value.offers)
    })

    it('says that an offer is not there', () => expectNotFound(tested))

    it('reports what its key may do', () => expectAccess(tested))
  })
}

async function expectPages(fetchPage: (query: PageQuery) => Promise<{ value: OfferPage }>, pageSize: number) {
  const seen = new Set<string>()
  for (let page = 1; ; page++) {
    const { value } = await fetchPage({ page, pageSize })
    expect(value.offers.length).toBeLessThanOrEqual(pageSize)
    expectNew(value.offers, seen)
    if (!value.hasMore) {
      expect(page).toBeGreaterThan(1)
      expect(value).toMatchObject({ hasMore: false, totalFound: seen.size })
      return
    }
  }
}

function expectNew(offers: readonly OfferSummary[], seen: Set<string>): void {
  for (const offer of offers) {
    expectOffer(offer)
    expect(seen.has(offer.offerId)).toBe(false)
    seen.add(offer.offerId)
  }
}

async function expectDetails(upstream: Upstream, [first]: readonly OfferSummary[]): Promise<void> {
  if (!first) throw new Error('the upstream returned no offers')
  const { value: details } = await upstream.fetchDetails(first.offerId, signal)
  expectOffer(details)
  expect(details.offerId).toBe(first.offerId)
  expect(details.title).toBe(first.title)
  const ladder = details.priceTiers.map(tier => tier.minQuantity)
  expect(ladder).toEqual([...ladder].sort((a, b) => a - b))
}

async function expectAccess({ upstream }: UpstreamUnderTest): Promise<void> {
  const { value, report } = await upstream.checkAccess(signal)
  expect(value.filter(({ granted }) => !granted)).toEqual([])
  expect(report).toMatchObject({ kind: 'answered', status: 200 })
  expect([0, upstream.creditsPerCall]).toContain(upstream.creditsPerCheck)
}

async function expectNotFound({ upstream, unknownOfferId }: UpstreamUnderTest): Promise<void> {
  const error = await upstream.fetchDetails(unknownOfferId, signal).catch(thrown => thrown)
  expect(error).toBeInstanceOf(AppError)
  expect(error).toMatchObject({ code: 'not_found', retryable: false })
  expect(error.hint).not.toBe('')
}

function expectOffer(offer: OfferSummary): void {
  expect(isOfferId(offer.offerId)).toBe(true)
  expect(offer.title).not.toBe('')
  if (offer.price) expect(offer.price.min).toBeLessThanOrEqual(offer.price.max)
  if (offer.moq !== null) expect(offer.moq).toBeGreaterThanOrEqual(1)
  for (const text of [offer.unit, offer.shopName, offer.city, offer.province, offer.imageUrl]) expect(text).not.toBe('')
  if (offer.imageUrl) expect(offer.imageUrl).toMatch(/^(https?:\/\/|sample:)/)
}

async function handleOf(tested: SearchUnderTest): Promise<string> {
  const pictures = matcherOf(tested)
  return pictures.handleOf(tested.picture) ?? (await pictures.register(tested.picture, signal)).value
}

function indexOf({ upstream }: UpstreamUnderTest): ProductIndex {
  if (!upstream.index) throw new Error(`${upstream.name} has no index`)
  return upstream.index
}

function matcherOf({ upstream }: UpstreamUnderTest): PictureMatcher {
  if (!upstream.pictures) throw new Error(`${upstream.name} matches no pictures`)
  return upstream.pictures
}

function shopsOf({ upstream }: UpstreamUnderTest): ShopReader {
  if (!upstream.shops) throw new Error(`${upstream.name} knows no shops`)
  return upstream.shops
}

async function shopIdOf(tested: SearchUnderTest): Promise<string> {
  const { value } = await matcherOf(tested).fetchMatches(await handleOf(tested), { page: 1, pageSize: 1 }, signal)
  const { value: details } = await tested.upstream.fetchDetails(value.offers[0]?.offerId ?? '', signal)
  const shopId = evidenceOf(details).shopId
  if (shopId === null) throw new Error('the details name no shop')
  return shopId
}

function keywordsOf({ upstream }: UpstreamUnderTest): KeywordSearch {
  if (!upstream.keywords) throw new Error(`${upstream.name} searches no words`)
  return upstream.keywords
}
