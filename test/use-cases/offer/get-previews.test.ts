import { afterAll, describe, expect, it } from 'vitest'
import { AppError, throwIfAborted } from '../../../src/errors.ts'
import type { OfferCard } from '../../../src/offers/results/results.ts'
import type { CallOptions } from '../../../src/upstream-calls/call-options.ts'
import type { CardsRequest } from '../../../src/use-cases/offer/get-cards.ts'
import type { PreviewRequest } from '../../../src/use-cases/offer/get-previews.ts'
import { createGetPreviews } from '../../../src/use-cases/offer/get-previews.ts'
import { makeOffer } from '../../support/catalogue-offers.ts'
import { createBuiltDecoder } from '../../support/decoder.ts'
import { drawnPicture } from '../../support/drawn-pictures.ts'

const decoder = createBuiltDecoder()
afterAll(() => decoder.close())

/** Cards of which some have no picture, some fail and some never come. */
function makePreviews({ without = '', failing = {}, silent = '', patienceMs = 10_000 }: Setup) {
  const getCards = async ({ offerIds }: CardsRequest, { signal }: CallOptions): Promise<OfferCard[]> => {
    const [offerId = ''] = offerIds
    if (offerId === silent) await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()))
    throwIfAborted(signal)
    const failure = failing[offerId]
    if (failure) throw failure
    const thumbnail =
      offerId === without
        ? null
        : await decoder.thumbnail(await drawnPicture().png().toBuffer(), Number(offerId) % 100 || 1, {
            owner: 'listing',
          })
    return offerId === '0'
      ? []
      : [{ offer: makeOffer(offerId), source: 'parse', pictureUrl: null, thumbnail, status: null }]
  }
  const getPreviews = createGetPreviews({ decoder, getCards })
  return (offerIds: string[], call: CallOptions, mediaType: PreviewRequest['mediaType'] = 'image/webp') =>
    getPreviews({ offerIds, mediaType, patienceMs }, call)
}

interface Setup {
  without?: string
  failing?: Record<string, Error>
  silent?: string
  patienceMs?: number
}

const call = { signal: new AbortController().signal }

describe('previews', () => {
  it('keep the order of the offers, without those that have none, are unknown or fail', async () => {
    const failing = { '70003': new AppError({ code: 'store_unavailable', message: 'No.', hint: 'Wait.' }) }
    const previews = await makePreviews({ without: '70002', failing })(['70040', '70002', '0', '70003', '70080'], call)
    expect(previews.map(({ offerId, width, height }) => [offerId, width, height])).toEqual([
      ['70040', 40, 30],
      ['70080', 80, 60],
    ])
  })

  it('do not keep an answer waiting', async () => {
    const previews = await makePreviews({ silent: '70002', patienceMs: 1_000 })(['70001', '70002'], call)
    expect(previews.map(preview => preview.offerId)).toEqual(['70001'])
  })

  it('are JPEG where a spreadsheet is to draw them', async () => {
    const [preview] = await makePreviews({})(['70040'], call, 'image/jpeg')
    expect(preview).toMatchObject({ mediaType: 'image/jpeg', width: 40, height: 30 })
    expect(
      Buffer.from(preview?.bytes ?? [])
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff')
  })

  it('end with their caller, and hide no bug', async () => {
    const gone = AbortSignal.abort()
    await expect(makePreviews({})(['70001'], { signal: gone })).rejects.toMatchObject({ code: 'cancelled' })
    await expect(makePreviews({ failing: { '70001': new TypeError('a bug') } })(['70001'], call)).rejects.toThrow(
      'a bug',
    )
  })
})
