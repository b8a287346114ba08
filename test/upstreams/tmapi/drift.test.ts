import { describe, expect, it } from 'vitest'
import { parseDetails, parseOfferPage } from '../../../src/upstreams/tmapi/mapping.ts'
import { driftsOf } from '../../support/json-faults.ts'
import { makeListings } from '../../support/listings.ts'
import { validDetails, validPage } from '../../support/provenance.ts'
import { detailsOf, foundPage, translatedPage } from '../../support/tmapi-shapes.ts'

const LISTINGS = makeListings(2)
const [FIRST] = LISTINGS
if (!FIRST) throw new Error('no listing')
const OFFER_ID = String(FIRST.id)

describe('a documented body with one field null, missing or of another type', () => {
  it.each([
    ['search', foundPage(LISTINGS, 1, 20)],
    ['translated search', translatedPage(LISTINGS, 1, 20)],
    ['search for one offer', foundPage(LISTINGS.slice(0, 1), 1, 20)],
  ])('%s is read', (_name, data) => {
    const drifts = driftsOf(data)
    expect(drifts.length).toBeGreaterThan(100)
    for (const { path, drifted } of drifts) {
      const page = parseOfferPage({ code: 200, msg: 'success', data: drifted })
      expect(validPage.parse(page), path).toEqual(page)
      if (path.endsWith('replace')) expect(page.offers, path).toHaveLength(data.items.length)
    }
  })

  it('details are read', () => {
    const drifts = driftsOf(detailsOf(FIRST))
    expect(drifts.length).toBeGreaterThan(100)
    for (const { path, drifted } of drifts) {
      const details = parseDetails({ code: 200, msg: 'success', data: drifted }, OFFER_ID)
      expect(validDetails.parse(details), path).toEqual(details)
    }
  })
})

describe('a page without rows', () => {
  it.each([
    { code: 200, msg: 'success', data: { items: null, total_count: 0 } },
    { code: 200, msg: 'success', data: { page: 3, page_size: 20 } },
    { code: 200, msg: 'success', data: { items: [] } },
    { code: '200', msg: 'success', data: null },
    { code: 200, msg: 'success', data: [] },
    { code: 200, msg: 'success' },
  ])('%j is empty', body => {
    expect(parseOfferPage(body).offers).toEqual([])
  })
})
