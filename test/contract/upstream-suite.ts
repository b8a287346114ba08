/** Owns what every upstream promises, whatever is behind it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import type { OfferSummary } from '../../src/offers/offer.ts'
import { isOfferId } from '../../src/offers/offer-id.ts'
import type { ProductIndex, Upstream } from '../../src/upstream/upstream.ts'

/** An upstream under test. */
export interface UpstreamUnderTest {
  upstream: Upstream
  /** Well-formed, and not there. */
  unknownOfferId: string
  close(): Promise<void>
}

/** Runs the suite. `create` is called once. */
export function describeUpstream(name: string, create: () => Promise<UpstreamUnderTest>): void {
  describe(`upstream contract: ${name}`, () => {
    let tested: UpstreamUnderTest
    const signal = new AbortController().signal

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
        for (const offer of value.offers) {
          expectOffer(offer)
          expect(seen.has(offer.offerId)).toBe(false)
          seen.add(offer.offerId)
        }
      }
      expect(seen.size).toBeGreaterThan(index.maxPageSize)
      expect(total).toBe(seen.size)
    })

    it('reads the details of an offer of its index', async () => {
      const { value } = await indexOf(tested).fetchPage(1, signal)
      const [first] = value.offers
      if (!first) throw new Error('the index is empty')
      const { value: details } = await tested.upstream.fetchDetails(first.offerId, signal)
      expectOffer(details)
      expect(details.offerId).toBe(first.offerId)
      expect(details.title).toBe(first.title)
      const ladder = details.priceTiers.map(tier => tier.minQuantity)
      expect(ladder).toEqual([...ladder].sort((a, b) => a - b))
    })

    it('says that an offer is not there', async () => {
      const { upstream, unknownOfferId } = tested
      const error = await upstream.fetchDetails(unknownOfferId, signal).catch(thrown => thrown)
      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({ code: 'not_found', retryable: false })
      expect(error.hint).not.toBe('')
    })

    it('reports what each call did on the wire', async () => {
      const { report } = await indexOf(tested).fetchPage(1, signal)
      expect(report).toMatchObject({ kind: 'answered', status: 200 })
    })
  })
}

function expectOffer(offer: OfferSummary): void {
  expect(isOfferId(offer.offerId)).toBe(true)
  expect(offer.title).not.toBe('')
  if (offer.price) expect(offer.price.min).toBeLessThanOrEqual(offer.price.max)
  if (offer.moq !== null) expect(offer.moq).toBeGreaterThanOrEqual(1)
  for (const text of [offer.unit, offer.shopName, offer.city, offer.province, offer.imageUrl]) expect(text).not.toBe('')
  if (offer.imageUrl) expect(offer.imageUrl).toMatch(/^(https?:\/\/|sample:)/)
}

function indexOf({ upstream }: UpstreamUnderTest): ProductIndex {
  if (!upstream.index) throw new Error(`${upstream.name} has no index`)
  return upstream.index
}
