/** Reads what was asked for beyond an offer's details, each part within what the call may spend. */
import type { Extra, OfferExtras } from '../../offers/extras.ts'
import type { Remark } from '../../offers/results/results.ts'
import type { CachedCall } from '../../upstream-calls/cached-call.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import { createPaidParts, type UnreadPart } from '../paid-parts.ts'

export interface ExtrasRequest {
  offerId: string
  include: readonly Extra[]
  maxCredits: number
  /** By this call, before the extras. */
  spent: number
}

export interface ReadExtras {
  extras: OfferExtras
  unread: UnreadPart<Extra>[]
  spent: number
  remarks: Remark[]
}

export async function readExtras(
  { name, extras }: UpstreamClient,
  { offerId, include, maxCredits, spent }: ExtrasRequest,
  call: CallOptions,
): Promise<ReadExtras> {
  const parts = createPaidParts<Extra>(maxCredits, spent, call.signal)
  const notOffered: Extra[] = []
  const read = async <T>(part: Extra, offerCall: CachedCall<T> | null | undefined): Promise<T | null> => {
    if (!include.includes(part)) return null
    if (offerCall) return parts.read(part, await offerCall.cost(offerId), () => offerCall.fetch(offerId, call))
    notOffered.push(part)
    return null
  }
  const found = {
    reviews: await read('reviews', extras?.reviews),
    sales: await read('sales', extras?.sales),
    descriptionPictures: await read('description_pictures', extras?.descriptionPictures),
  }
  return {
    extras: found,
    unread: parts.unread,
    spent: parts.spent,
    remarks: [...lackOf(name, notOffered), ...parts.remarks],
  }
}

function lackOf(upstream: string, missing: readonly Extra[]): Remark[] {
  if (missing.length === 0) return []
  const message = `${upstream} does not offer ${missing.length === 1 ? 'this' : 'these'}.`
  return [{ kind: 'part_failed', part: missing.join(', '), code: 'not_granted', message, hint: '' }]
}
