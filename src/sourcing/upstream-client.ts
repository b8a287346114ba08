/** Owns asking an upstream on a use case's behalf: through the cache, the gate of the ledger and its retries, in that order. */
import { z } from 'zod'
import { type CachePolicy, DETAILS_POLICY } from '../cache/policy.ts'
import type { CacheKey, ReplyCache } from '../cache/reply-cache.ts'
import type { AppError } from '../errors.ts'
import { DEFAULT_MAX_WAIT_MS, type Gate, type PaidWork } from '../limits/gate.ts'
import type { LedgerUsage } from '../limits/ledger.ts'
import type { Plan } from '../limits/refusals.ts'
import type { OfferDetails } from '../offers/offer.ts'
import { storedDetails, storedSummary } from '../offers/stored.ts'
import type { IndexPage, Upstream } from '../upstream/upstream.ts'
import type { CallOptions } from './services.ts'

/**
 * A page of an index is kept only for as long as another process may be fetching the same index: the catalogue is where it stays.
 */
const INDEX_POLICY: CachePolicy = { freshMs: 600_000, staleMs: 0, negativeMs: 0 }

/** How long a call without a deadline of its own waits for its turn: longer than any limit that is known holds it back. */
const PATIENT_WAIT_MS = 86_400_000

const storedPage: z.ZodType<IndexPage> = z.object({ offers: z.array(storedSummary), totalFound: z.number().nullable() })

/** What was fetched, and what that cost. */
export interface Fetched<T> {
  value: T
  /** Credits that this very call spent: 0 for a hit of the cache. */
  creditsSpent: number
  /** When it was fetched, milliseconds since 1970. */
  retrievedAt: number
  /** Why an older answer stands in for one that could not be fetched; `null` where it does not. */
  staleBecause: AppError | null
}

/** What a client needs to know of the call that it serves. */
export interface ClientCall extends CallOptions {
  /** Waits for the limits as long as it takes, instead of saying when to come back. */
  patient?: boolean
}

/** An upstream's index as the mirror sees it. */
export interface ClientIndex {
  /** Rows of a page: the most that a call can buy. */
  readonly maxPageSize: number
  fetchPage(page: number, call: ClientCall): Promise<Fetched<IndexPage>>
}

/** An upstream as the use cases see it. */
export interface UpstreamClient {
  readonly name: string
  readonly creditsPerCall: number
  /** `null` where the upstream has no index to mirror. */
  readonly index: ClientIndex | null
  /** What the key may do; `null` where nothing is metered. */
  readonly plan: Plan | null
  fetchDetails(offerId: string, call: ClientCall): Promise<Fetched<OfferDetails>>
  /** Credits that {@link UpstreamClient.fetchDetails} would cost now: 0 where the answer is kept and fresh. Asks nobody. */
  detailsCost(offerId: string): Promise<number>
  /** Where the key stands; `null` where nothing is metered or the ledger cannot be used. */
  usage(): Promise<LedgerUsage | null>
  /** Whether calls go out without the shared ledger. */
  readonly limitsNotShared: boolean
  close(): Promise<void>
}

/** How calls of a metered upstream are kept and limited. */
export interface Metering {
  gate: Gate
  cache: ReplyCache
  /** Tells this key at this upstream from all others. */
  scope: string
  plan: Plan
}

/** What {@link createUpstreamClient} needs. */
export interface UpstreamClientDeps {
  upstream: Upstream
  /** `null` for an upstream that is free, unlimited and at hand. */
  metering: Metering | null
  now: () => number
}

/** What an answer is kept under, and what it must look like when it is taken out again. */
interface Kept<T> {
  key: Omit<CacheKey, 'scope'>
  policy: CachePolicy
  schema: z.ZodType<T>
}

function keptDetails(offerId: string): Kept<OfferDetails> {
  return { key: { kind: 'details', id: offerId }, policy: DETAILS_POLICY, schema: storedDetails }
}

/** Makes a client of one upstream; it closes the upstream and the gate. */
export function createUpstreamClient({ upstream, metering, now }: UpstreamClientDeps): UpstreamClient {
  const { index } = upstream

  const ask = async <T>(work: PaidWork<T>, { key, policy, schema }: Kept<T>, call: ClientCall): Promise<Fetched<T>> => {
    if (metering === null) {
      return { value: (await work(call.signal)).value, creditsSpent: 0, retrievedAt: now(), staleBecause: null }
    }
    const { gate, cache, scope } = metering
    const maxWaitMs = call.patient ? PATIENT_WAIT_MS : DEFAULT_MAX_WAIT_MS
    const onWaiting = ({ retryAfterMs }: { retryAfterMs: number }) =>
      call.onProgress?.({ done: 0, message: `waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit` })
    const pay = (signal: AbortSignal) =>
      gate.run(work, { signal, credits: upstream.creditsPerCall, maxWaitMs, onWaiting })
    return cache.through({ ...key, scope }, policy, pay, {
      signal: call.signal,
      refresh: call.refresh ?? false,
      decode: json => schema.safeParse(json).data ?? null,
    })
  }

  return {
    name: upstream.name,
    creditsPerCall: upstream.creditsPerCall,
    plan: metering?.plan ?? null,
    index: index && {
      maxPageSize: index.maxPageSize,
      fetchPage: (page, call) => {
        const kept = { key: { kind: 'index' as const, id: String(page) }, policy: INDEX_POLICY, schema: storedPage }
        return ask(signal => index.fetchPage(page, signal), kept, call)
      },
    },
    fetchDetails: (offerId, call) => ask(signal => upstream.fetchDetails(offerId, signal), keptDetails(offerId), call),
    detailsCost: async offerId => {
      if (metering === null) return 0
      const { key, policy, schema } = keptDetails(offerId)
      const decode = (json: unknown) => schema.safeParse(json).data ?? null
      return (await metering.cache.isKept({ ...key, scope: metering.scope }, policy, decode))
        ? 0
        : upstream.creditsPerCall
    },
    usage: async () => (await metering?.gate.usage()) ?? null,
    get limitsNotShared() {
      return metering?.gate.degraded ?? false
    },
    close: async () => {
      await upstream.close()
      await metering?.gate.close()
    },
  }
}
