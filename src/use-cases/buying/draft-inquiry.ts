/** Gathers what a first message to a seller needs, without spending a credit. */
import { asAppError, throwIfAborted } from '../../errors.ts'
import type { DetailsResult, InquiryResult } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import type { DetailsRequest } from '../offer/get-details.ts'

export type InquiryRequest = Pick<InquiryResult, 'offerId' | 'quantity' | 'targetPrice' | 'destination'>

export interface DraftInquiryDeps {
  getDetails: (request: DetailsRequest, call: CallOptions) => Promise<DetailsResult>
}

export function createDraftInquiry({ getDetails }: DraftInquiryDeps) {
  return async function draftInquiry(request: InquiryRequest, call: CallOptions): Promise<InquiryResult> {
    const known = await readForFree(request.offerId, call)
    return { ...request, known, credits: { spent: 0, remaining: known?.credits.remaining ?? null } }
  }

  /** `null` if reading the offer would spend a credit or fails. */
  async function readForFree(offerId: string, call: CallOptions): Promise<DetailsResult | null> {
    try {
      return await getDetails({ offerId }, { ...call, payer: limitCredits(0) })
    } catch (thrown) {
      throwIfAborted(call.signal, thrown)
      if (asAppError(thrown).code === 'internal') throw thrown
      return null
    }
  }
}
