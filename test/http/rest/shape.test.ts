import { expect, test } from 'vitest'
import { restDetails } from '../../../src/http/rest/shape.ts'
import { deriveOwnId } from '../../../src/offers/id/own-id.ts'
import { OFFER } from '../stub-services.ts'

test.each([
  ['an offer on 1688', OFFER.offerId, 'parse', `https://detail.1688.com/offer/${OFFER.offerId}.html`],
  ['an imported offer that is not on 1688', deriveOwnId('mug'), 'import', null],
  ['a sample', OFFER.offerId, 'sample', null],
])('the link of %s', (_what, offerId, upstream, link) => {
  const source = { upstream, retrievedAt: null, ageS: null, stale: false }
  const details = restDetails({
    details: { ...OFFER, offerId },
    source,
    credits: { spent: 0, remaining: null },
    remarks: [],
  })
  expect(details.detail_url).toBe(link)
})
