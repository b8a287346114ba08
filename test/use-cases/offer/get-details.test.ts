import { describe, expect, it, onTestFinished } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../src/errors.ts'
import type { OfferDetails } from '../../../src/offers/offer.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { createFailover } from '../../../src/upstream-calls/failover.ts'
import { createSources } from '../../../src/use-cases/catalogue-sources.ts'
import { createGetDetails } from '../../../src/use-cases/offer/get-details.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { makeDetails } from '../../support/details.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const OFFER_ID = '7000000001'
const CALL = { signal: new AbortController().signal }

interface Source {
  name?: string
  fails?: AppError
}

/** The use case over a source that tells `details`: a copy each time, or the same answer again, as it is given when it was read a moment ago. */
function setUp(details: OfferDetails, kind: 'copies' | 'the same' = 'copies', { name = 'parse', fails }: Source = {}) {
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  onTestFinished(() => catalogue.close())
  const readAt = Date.now()
  const value = () => (kind === 'copies' ? { ...details } : details)
  const fetchDetails = async () => {
    const retrievedAt = kind === 'copies' ? Date.now() : readAt
    return { creditsSpent: 1, retrievedAt, staleBecause: null, value: value() }
  }
  const upstream = makeUpstreamClient(name, 1, { fetchDetails: fails ? () => Promise.reject(fails) : fetchDetails })
  const failover = createFailover([upstream], systemClock)
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const getDetails = createGetDetails({
    catalogue,
    upstreams: [upstream],
    failover,
    takeRemarks: () => [],
    logger,
    now: Date.now,
    sources: createSources({ catalogue, upstreams: [upstream], isSampleStandIn: false }),
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

describe('an imported offer with an ID of 1688', () => {
  const IMPORTED = makeOffer(OFFER_ID, { title: '报价单', moq: 7 })
  const GONE = new AppError({ code: 'not_found', message: 'Gone.', hint: '', creditsSpent: 1 })

  it('is shown beside its listing, with the date of each', async () => {
    const { catalogue, read } = setUp(makeDetails(OFFER_ID, { title: '1688' }))
    await catalogue.putOffers('import', [IMPORTED], 1_000)
    expect(await read()).toMatchObject({
      details: { title: '1688' },
      source: { upstream: 'parse' },
      imported: [{ offer: { title: '报价单', moq: 7 }, source: { upstream: 'import', retrievedAt: 1_000 } }],
    })
  })

  it('is shown instead where the listing cannot be read, and what that cost', async () => {
    const { catalogue, read } = setUp(NAMELESS, 'copies', { fails: GONE })
    await expect(read()).rejects.toMatchObject({ code: 'not_found' })
    await catalogue.putOffers('import', [IMPORTED], 1_000)
    expect(await read()).toMatchObject({
      details: { title: '报价单' },
      source: { upstream: 'import', retrievedAt: 1_000 },
      credits: { spent: 1 },
      remarks: [{ kind: 'imported_instead', code: 'not_found' }],
    })
  })

  it('is told apart from an unknown ID, which names what was searched', async () => {
    const { catalogue, read } = setUp(NAMELESS, 'copies', { name: 'sample', fails: GONE })
    await expect(read()).rejects.toMatchObject({ message: 'Gone.' })
    await catalogue.putOffers('import', [makeOffer('7000000002')], 1_000)
    await expect(read()).rejects.toMatchObject({
      code: 'not_found',
      message: `Offer ${OFFER_ID} is neither among your imported offers nor among the sample offers.`,
      hint: expect.stringContaining('1688 itself was not asked'),
    })
  })

  it.each(['sample', 'own'])('is the answer where no listing can be read (%s)', async name => {
    const { catalogue, read } = setUp(NAMELESS, 'copies', { name, fails: GONE })
    await catalogue.putOffers('import', [IMPORTED], 1_000)
    const { details, credits, remarks } = await read()
    expect([details.title, credits.spent, remarks]).toEqual(['报价单', 0, []])
  })
})
