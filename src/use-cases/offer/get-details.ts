/** Fetches the details of one offer and stores them in the catalogue. */
import { type Catalogue, IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { AppError, throwIfAborted } from '../../errors.ts'
import type { ReadPast } from '../../history/past.ts'
import type { Logger } from '../../log.ts'
import type { Extra } from '../../offers/extras.ts'
import { isOwnId } from '../../offers/id/own-id.ts'
import { NOTHING_MORE, type OfferDetails, photosOf } from '../../offers/offer.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { DetailsResult, TakeRemarks } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { creditsAndRemarks, type Failover } from '../../upstream-calls/failover.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import { readExtras } from './read-extras.ts'

export interface DetailsRequest {
  /** A valid ID. */
  offerId: string
  /** What to read beyond the details. Default: nothing. */
  include?: readonly Extra[]
  /** Bounds what the whole call spends. Default: one call of the upstream. */
  maxCredits?: number | undefined
}

export interface DetailsDeps {
  catalogue: Catalogue
  failover: Failover
  readPast: ReadPast
  takeRemarks: TakeRemarks
  logger: Logger
  now: () => number
}

export function createGetDetails(deps: DetailsDeps) {
  const { catalogue, failover, logger, now } = deps
  const shopsOfSearch = new WeakMap<OfferDetails, Promise<string | null>>()

  return async function getDetails(request: DetailsRequest, caller: CallOptions): Promise<DetailsResult> {
    const { offerId, include = [], maxCredits } = request
    if (isOwnId(offerId)) return ownOffer(offerId)
    const call = maxCredits === undefined ? caller : { ...caller, payer: limitCredits(maxCredits, caller.payer) }
    const askedAt = now()
    const answer = await failover((upstream, attempt) => upstream.fetchDetails(offerId, attempt), call)
    throwIfAborted(call.signal)
    const { value: details, retrievedAt } = answer
    const upstream = answer.answeredBy.name
    // A cached answer was stored when it was fetched.
    if (retrievedAt >= askedAt) {
      const photos = photosOf(details.imageUrl, details.images)
      await catalogue.putOffers(upstream, [{ ...details, ...(photos ? { photos } : {}) }], retrievedAt).catch(cause => {
        // An answer is not lost for the sake of the catalogue.
        logger.warn('offer not kept in the catalogue', { offerId, cause })
      })
    }
    const { credits, remarks } = await creditsAndRemarks(answer, deps.takeRemarks())
    const shopName = details.shopName ?? (await shopOf(details, upstream))
    const result: DetailsResult = {
      details: { ...details, shopName },
      source: sourceReport(upstream, retrievedAt, now(), answer.staleBecause !== null),
      credits,
      past: await deps.readPast(upstream, offerId, 'details'),
      remarks: shopName === details.shopName ? remarks : [...remarks, { kind: 'shop_of_search' }],
    }
    if (include.length === 0) return result
    const limit = maxCredits ?? answer.answeredBy.creditsPerCall
    const { extras, unread, spent, ...more } = await readExtras(
      answer.answeredBy,
      { offerId, include, maxCredits: limit, spent: credits.spent },
      call,
    )
    const left = credits.remaining === null ? null : await answer.answeredBy.creditsLeft()
    return {
      ...result,
      ...{ extras, unread, credits: { spent, remaining: left } },
      remarks: [...result.remarks, ...more.remarks],
    }
  }

  /** The shop known from a search, since some upstreams' details name none. Looked up once per answer. */
  function shopOf(details: OfferDetails, upstream: string): Promise<string | null> {
    const shop = shopsOfSearch.get(details) ?? lookUpShop(upstream, details.offerId)
    shopsOfSearch.set(details, shop)
    return shop
  }

  async function lookUpShop(upstream: string, offerId: string): Promise<string | null> {
    try {
      return (await catalogue.getOffer(offerId, [upstream]))?.offer.shopName ?? null
    } catch (cause) {
      logger.warn('offer not looked up in the catalogue', { offerId, cause })
      return null
    }
  }

  /** An imported offer: no upstream knows it, so the import is all there is. */
  async function ownOffer(offerId: string): Promise<DetailsResult> {
    const kept = await catalogue.getOffer(offerId, [IMPORT_SOURCE])
    if (kept === null) {
      throw new AppError({
        code: 'not_found',
        message: `${offerId} is the ID of an imported offer, but the catalogue does not contain it.`,
        hint: 'Import its file again with mcp-1688 catalogue import, or find others with search_by_image.',
      })
    }
    const { offer, lastSeenAt } = kept
    const images = [...(offer.imageUrl === null ? [] : [offer.imageUrl]), ...(offer.photos ?? [])]
    return {
      details: { ...offer, images, priceTiers: offer.priceTiers ?? [], skus: [], ...NOTHING_MORE },
      past: await deps.readPast(IMPORT_SOURCE, offerId, 'listing'),
      source: sourceReport(IMPORT_SOURCE, lastSeenAt, now()),
      credits: { spent: 0, remaining: null },
      remarks: [],
    }
  }
}
