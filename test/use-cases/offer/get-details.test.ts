import { expect, it, onTestFinished } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import type { OfferDetails } from '../../../src/offers/offer.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { createFailover } from '../../../src/upstream-calls/failover.ts'
import { createGetDetails } from '../../../src/use-cases/offer/get-details.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { makeDetails } from '../../support/details.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const OFFER_ID = '7000000001'
const CALL = { signal: new AbortController().signal }

/** The use case over a source that tells `details`: a copy each time, or the same answer again, as it is given when it was read a moment ago. */
function setUp(details: OfferDetails, kind: 'copies' | 'the same' = 'copies') {
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  onTestFinished(() => catalogue.close())
  const readAt = Date.now()
  const value = () => (kind === 'copies' ? { ...details } : details)
  const fetchDetails = async () => {
    const retrievedAt = kind === 'copies' ? Date.now() : readAt
    return { creditsSpent: 1, retrievedAt, staleBecause: null, value: value() }
  }
  const upstream = makeUpstreamClient('parse', 1, { fetchDetails })
  const failover = createFailover([upstream], systemClock)
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const getDetails = createGetDetails({
    ...{ catalogue, failover, takeRemarks: () => [], logger, now: Date.now },
    readPast: async () => [],
  })
  return { catalogue, read: () => getDetails({ offerId: OFFER_ID }, CALL) }
}

const NAMELESS = makeDetails(OFFER_ID, { shopName: null })

it('takes the shop from a search of the same source, and says so', async () => {
  const { catalogue, read } = setUp(NAMELESS)
  await catalogue.putOffers('tmapi', [makeOffer(OFFER_ID, { shopName: '别家' })], 1)
  expect(await read()).toMatchObject({ details: { shopName: null }, remarks: [] })
  await catalogue.putOffers('parse', [makeOffer(OFFER_ID, { shopName: '金华市示例厂', moq: 9 })], Date.now())
  const { details, remarks } = await read()
  expect(details).toEqual({ ...NAMELESS, shopName: '金华市示例厂' })
  expect(remarks).toEqual([{ kind: 'shop_of_search' }])
})

it('looks an answer up once, however often it is given', async () => {
  const { catalogue, read } = setUp(NAMELESS, 'the same')
  await catalogue.putOffers('parse', [makeOffer(OFFER_ID, { shopName: '金华市示例厂' })], 1)
  const told = [await read()]
  await catalogue.close()
  told.push(await read())
  expect(told.map(({ details }) => details.shopName)).toEqual(['金华市示例厂', '金华市示例厂'])
})

it('leaves the shop that the details name', async () => {
  const { catalogue, read } = setUp(makeDetails(OFFER_ID, { shopName: '新名字' }))
  await catalogue.putOffers('parse', [makeOffer(OFFER_ID, { shopName: '旧名字' })], 1)
  expect(await read()).toMatchObject({ details: { shopName: '新名字' }, remarks: [] })
})

it('answers though the catalogue cannot be used', async () => {
  const { catalogue, read } = setUp(NAMELESS)
  await catalogue.close()
  expect(await read()).toMatchObject({ details: { shopName: null }, credits: { spent: 1 }, remarks: [] })
})

it('keeps the further pictures that the details show, to be compared as well', async () => {
  const images = Array.from({ length: 8 }, (_, index) => `https://cbu01.alicdn.com/${index}.jpg`)
  const { catalogue, read } = setUp(makeDetails(OFFER_ID, { imageUrl: images[0] ?? null, images }))
  await read()
  expect((await catalogue.getOffer(OFFER_ID, ['parse']))?.offer.photos).toEqual(images.slice(1, 6))
})
