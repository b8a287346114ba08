/** Owns reading one offer in full, and keeping what was learned in the catalogue. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import { throwIfAborted } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { DetailsResult, Remark } from '../offers/result.ts'
import type { CallOptions, DetailsRequest } from './services.ts'
import type { UpstreamClient } from './upstream-client.ts'

/** What {@link createGetDetails} needs. */
export interface DetailsDeps {
  catalogue: Catalogue
  client: UpstreamClient
  standingRemarks: readonly Remark[]
  logger: Logger
  now: () => number
}

/** Makes the use case. */
export function createGetDetails(deps: DetailsDeps) {
  const { catalogue, client, logger, now } = deps

  return async function getDetails({ offerId }: DetailsRequest, call: CallOptions): Promise<DetailsResult> {
    const fetched = await client.fetchDetails(offerId, call)
    throwIfAborted(call.signal)
    await catalogue.putOffers(client.name, [fetched.value], fetched.retrievedAt).catch(cause => {
      // The answer is worth more than the note of it.
      logger.warn('offer not kept in the catalogue', { offerId, cause })
    })
    const ageS = Math.max(0, Math.round((now() - fetched.retrievedAt) / 1000))
    return {
      details: fetched.value,
      source: { upstream: client.name, retrievedAt: fetched.retrievedAt, ageS, stale: fetched.stale },
      credits: { spent: fetched.creditsSpent, remaining: await client.creditsLeft() },
      remarks: [...deps.standingRemarks],
    }
  }
}
