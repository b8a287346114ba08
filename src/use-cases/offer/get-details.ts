/** Fetches the details of one offer and stores them in the catalogue. */
import { type Catalogue, type CatalogueOffer, IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { AppError, throwIfAborted } from '../../errors.ts'
import type { ReadPast } from '../../history/past.ts'
import type { Logger } from '../../log.ts'
import type { Extra } from '../../offers/extras.ts'
import { isOwnId } from '../../offers/id/own-id.ts'
import { type OfferDetails, photosOf } from '../../offers/offer.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { DetailsResult, TakeRemarks } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import {
  creditsAndRemarks,
  type Failover,
  OWN_SOURCE,
  SAMPLE_SOURCE,
  type UpstreamClients,
} from '../../upstream-calls/failover.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { Sources } from '../catalogue-sources.ts'
import { importedDetails, notImported, notKnownHere } from './imported-offer.ts'
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
  sources: Pick<Sources, 'hasImports'>
  upstreams: UpstreamClients
  failover: Failover
  readPast: ReadPast
  takeRemarks: TakeRemarks
  logger: Logger
  now: () => number
}

export function createGetDetails(deps: DetailsDeps) {
  const { catalogue, failover, logger, now } = deps
  const hasSample = deps.upstreams.some(({ name }) => name === SAMPLE_SOURCE)
  const hasListings = deps.upstreams.some(({ name }) => name !== SAMPLE_SOURCE && name !== OWN_SOURCE)
  const shopsOfSearch = new WeakMap<OfferDetails, Promise<string | null>>()

  return async function getDetails(request: DetailsRequest, caller: CallOptions): Promise<DetailsResult> {
    const { offerId, include = [] } = request
    const imports = await importsOf(offerId)
    const [newest] = imports
    if (newest !== undefined && (isOwnId(offerId) || !hasListings)) {
      const only = await importedDetails(newest, include, null, deps)
      return { ...only, ...importedReport(imports.slice(1)), remarks: [...only.remarks, ...deps.takeRemarks()] }
    }
    if (isOwnId(offerId)) throw notImported(offerId)
    try {
      return { ...(await readListing(request, caller)), ...importedReport(imports) }
    } catch (error) {
      throwIfAborted(caller.signal, error)
      if (isNotFound(error) && hasSample && !hasListings && (await deps.sources.hasImports()))
        throw notKnownHere(offerId, error)
      if (newest === undefined || !isOfListing(error)) throw error
      const instead = await importedDetails(newest, include, error, deps)
      return { ...instead, ...importedReport(imports.slice(1)), remarks: [...instead.remarks, ...deps.takeRemarks()] }
    }
  }

  function importedReport(imports: readonly CatalogueOffer[]): Pick<DetailsResult, 'imported'> {
    if (imports.length === 0) return {}
    return {
      imported: imports.map(({ source, offer, lastSeenAt }) => ({
        offer,
        source: sourceReport(source, lastSeenAt, now()),
      })),
    }
  }

  async function readListing(request: DetailsRequest, caller: CallOptions): Promise<DetailsResult> {
    const { offerId, include = [], maxCredits } = request
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
      remarks: [
        ...(upstream === SAMPLE_SOURCE ? [{ kind: 'sample_data' as const }] : []),
        ...remarks,
        ...(shopName === details.shopName ? [] : [{ kind: 'shop_of_search' as const }]),
      ],
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
      extras,
      unread,
      credits: { spent, remaining: left },
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

  async function importsOf(offerId: string): Promise<CatalogueOffer[]> {
    try {
      return await catalogue.getOffers([offerId], [IMPORT_SOURCE])
    } catch (cause) {
      if (isOwnId(offerId)) throw cause
      logger.warn('offer not looked up in the catalogue', { offerId, cause })
      return []
    }
  }
}

function isNotFound(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'not_found'
}

/** Whether a failure leaves open what the offer is, so that the imported one is shown instead. */
function isOfListing(error: unknown): error is AppError {
  return error instanceof AppError && error.code !== 'internal' && error.code !== 'cancelled'
}
