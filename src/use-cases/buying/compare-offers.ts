/** Reads several offers concurrently within a time budget and compares them, reporting on each. */

import type { ExchangeRates } from '../../costs/rates/rates.ts'
import { AppError, asAppError, type ErrorCode, partsOf, throwIfAborted } from '../../errors.ts'
import { type CompareWishes, compareOffers } from '../../offers/comparison.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { isOwnId } from '../../offers/id/own-id.ts'
import type { OfferDetails } from '../../offers/offer.ts'
import { quotedInCny } from '../../offers/price/pack.ts'
import type { CompareFailure, CompareResult } from '../../offers/results/comparison-result.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { OtherCurrency } from '../../offers/results/landed-cost-result.ts'
import type { DetailsResult, Remark, SourceReport, TakeRemarks } from '../../offers/results/results.ts'
import { cleanText } from '../../offers/text.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import type { DetailsRequest } from '../offer/get-details.ts'
import { findCurrency } from './find-currency.ts'

/** Length to which an invalid reference is cut in the result. */
const REFERENCE_MAX_CHARS = 60

export interface CompareRequest {
  /** IDs, links or share texts; each is checked separately. */
  references: readonly string[]
  wishes: CompareWishes
  /** Price the comparison without reading any offer. */
  dryRun: boolean
  /** To be shown beside CNY. Default: that of the configuration, if any. */
  currency?: string | undefined
  /** The caller's own rate for prices that are quoted in its currency. Default: that of the shown currency. */
  quoteRate?: OtherCurrency | null
}

export interface CompareDeps {
  upstreams: UpstreamClients
  getDetails: (request: DetailsRequest, call: CallOptions) => Promise<DetailsResult>
  takeRemarks: TakeRemarks
  now: () => number
  exchangeRates: ExchangeRates
  defaultCurrency?: string | undefined
  budgetMs?: number
}

interface Readings {
  results: DetailsResult[]
  failures: CompareFailure[]
}

export function createCompareOffers({
  upstreams,
  getDetails,
  takeRemarks,
  now,
  exchangeRates,
  defaultCurrency,
  budgetMs = CALL_BUDGET.batch.callerMs,
}: CompareDeps) {
  const [first] = upstreams

  return async function compare(request: CompareRequest, call: CallOptions): Promise<CompareResult> {
    const named = readReferences(request.references)
    const cost = await costOf(named.offerIds)
    const other = await findCurrency(exchangeRates, request.currency ?? defaultCurrency, call.signal)
    const read = request.dryRun ? { results: [], failures: [] } : await readAll(named.offerIds, call)
    const failures = [...named.failures, ...read.failures]
    const { details, remarks } = atRate(read.results, request.quoteRate ?? other.currency)
    const spent =
      read.results.reduce((sum, { credits }) => sum + credits.spent, 0) +
      read.failures.reduce((sum, { error }) => sum + error.creditsSpent, 0)
    const answered = request.dryRun ? named.offerIds.length : read.results.length
    if (answered === 0) throwCommonError(failures, spent)
    return {
      wishes: request.wishes,
      isDryRun: request.dryRun,
      cost,
      ...compareOffers(details, request.wishes),
      ...(other.currency && { otherCurrency: other.currency }),
      sources: new Map(read.results.map(({ details, source }) => [details.offerId, source.upstream])),
      past: new Map(read.results.map(({ details, past = [] }) => [details.offerId, past])),
      imported: new Map(read.results.map(({ details, imported = [] }) => [details.offerId, imported])),
      failures,
      source: sourceOf(read.results),
      credits: { spent, remaining: await first.creditsLeft() },
      remarks: withoutRepeats([
        ...takeRemarks(),
        ...other.remarks,
        ...read.results.flatMap(result => result.remarks),
        ...remarks,
      ]),
    }
  }

  /** Whether the upstreams after the first are needed is known when it fails. */
  async function costOf(offerIds: readonly string[]): Promise<CompareResult['cost']> {
    const paid = offerIds.filter(offerId => !isOwnId(offerId))
    const prices = await Promise.all(
      paid.map(offerId => Promise.all(upstreams.map(upstream => upstream.detailsCost(offerId)))),
    )
    const costs = prices.map(([cost = 0]) => cost)
    // What the first has at hand is not asked of the others.
    const most = prices.map(all => (all[0] === 0 && first.creditsPerCall > 0 ? 0 : total(all)))
    return {
      offers: offerIds.length,
      free: offerIds.length - costs.filter(cost => cost > 0).length,
      credits: total(costs),
      atMost: total(most),
    }
  }

  /** An offer that fails or is not read in time does not affect the others. */
  async function readAll(offerIds: readonly string[], call: CallOptions): Promise<Readings> {
    let done = 0
    const report = (message: string) => call.onProgress?.({ done, total: offerIds.length, message })
    const attempt = async (offerId: string, signal: AbortSignal): Promise<DetailsResult | CompareFailure> => {
      try {
        const own = { ...call, signal, onProgress: ({ message }: { message: string }) => report(message) }
        return await getDetails({ offerId }, own)
      } catch (thrown) {
        throwIfAborted(call.signal, thrown)
        const error = asAppError(thrown)
        if (error.code === 'internal') throw thrown
        return { reference: offerId, error: signal.aborted ? notInTime(error) : error }
      }
    }
    const readOne = async (offerId: string, signal: AbortSignal) => {
      const reading = await attempt(offerId, signal)
      done += 1
      report(`${done} of ${offerIds.length} offers read`)
      return reading
    }
    // In the order of the request, so that the result does not depend on which answer came first.
    const read = await withinTime(budgetMs, call.signal, signal =>
      Promise.all(offerIds.map(offerId => readOne(offerId, signal))),
    )
    return {
      results: read.filter(each => 'details' in each),
      failures: read.filter(each => 'error' in each),
    }
  }

  function sourceOf(results: readonly DetailsResult[]): SourceReport {
    const times = results.map(result => result.source.retrievedAt).filter(time => time !== null)
    const retrievedAt = times.length === 0 ? null : Math.min(...times)
    const upstreams = new Set(results.map(({ source }) => source.upstream))
    const upstream = upstreams.size === 0 ? first.name : [...upstreams].join(', ')
    const isStale = results.some(result => result.source.stale)
    return sourceReport(upstream, retrievedAt, now(), isStale)
  }
}

/** Each offer once, and the references that name none. */
function readReferences(references: readonly string[]): { offerIds: string[]; failures: CompareFailure[] } {
  const offerIds = new Set<string>()
  const failures: CompareFailure[] = []
  for (const text of references) {
    try {
      offerIds.add(parseOfferId(text))
    } catch (thrown) {
      failures.push({ reference: cleanText(text, REFERENCE_MAX_CHARS) ?? '', error: asAppError(thrown) })
    }
  }
  return { offerIds: [...offerIds], failures }
}

/** If all fail for one reason, the call fails with it: a missing key is not reported twenty times. */
function throwCommonError(failures: readonly CompareFailure[], creditsSpent: number): void {
  const [first, ...others] = failures
  if (!first || others.some(({ error }) => error.code !== first.error.code)) return
  const { code, message } = first.error
  const references = failures.map(({ reference }) => JSON.stringify(reference))
  // The first message alone would leave the agent trying the others again.
  const messages: Partial<Record<ErrorCode, string>> = {
    invalid_input: `${noneOf(references)} is a valid offer ID.`,
    not_found: `${noneOf(references)} was found: ${message}`,
  }
  const common = others.length === 0 ? message : (messages[code] ?? message)
  throw new AppError({ ...partsOf(first.error), message: common, creditsSpent })
}

function noneOf(references: readonly string[]): string {
  const [first = '', second = ''] = references
  return references.length === 2 ? `Neither ${first} nor ${second}` : `None of ${references.join(', ')}`
}

function total(credits: readonly number[]): number {
  return credits.reduce((sum, each) => sum + each, 0)
}

function notInTime(cause: AppError): AppError {
  return new AppError({
    ...partsOf(cause),
    code: 'deadline_exceeded',
    message: 'The offer could not be read in time.',
    hint: cause.isUnderWay ? cause.hint : 'Call again: offers already read cost nothing more.',
    retryable: true,
    cause,
  })
}

function withoutRepeats(remarks: readonly Remark[]): Remark[] {
  return [...new Map(remarks.map(remark => [JSON.stringify(remark), remark])).values()]
}

/** Prices that are known in the currency of the rate alone become prices in CNY. */
function atRate(
  results: readonly DetailsResult[],
  rate: OtherCurrency | null,
): { details: OfferDetails[]; remarks: Remark[] } {
  let offers = 0
  const details = results.map(({ details: each }) => {
    const isMeant = rate !== null && each.price === null && each.quoted?.currency === rate.code
    const price = isMeant ? quotedInCny(each, rate.rate.value) : null
    if (price === null) return each
    offers += 1
    return { ...each, price }
  })
  return { details, remarks: rate && offers > 0 ? [{ kind: 'quotes_converted', offers, currency: rate.code }] : [] }
}
