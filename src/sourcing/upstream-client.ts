/** Owns asking an upstream on a use case's behalf: through the gate of the ledger and its retries. */
import { DEFAULT_MAX_WAIT_MS, type Gate, type PaidWork } from '../limits/gate.ts'
import type { OfferDetails } from '../offers/offer.ts'
import type { IndexPage, Upstream } from '../upstream/upstream.ts'
import type { CallOptions } from './services.ts'

/** What was fetched, and what that cost. */
export interface Fetched<T> {
  value: T
  /** Credits that this very call spent: 0 for a hit of the cache. */
  creditsSpent: number
  /** When it was fetched, milliseconds since 1970. */
  retrievedAt: number
  /** True for an older answer that stands in for one that could not be fetched. */
  stale: boolean
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
  fetchDetails(offerId: string, call: ClientCall): Promise<Fetched<OfferDetails>>
  /** Credits left, `null` where nothing is metered or it is not known. */
  creditsLeft(): Promise<number | null>
  /** Whether calls go out without the shared ledger. */
  readonly limitsNotShared: boolean
  close(): Promise<void>
}

/** What {@link createUpstreamClient} needs. */
export interface UpstreamClientDeps {
  upstream: Upstream
  /** `null` for an upstream that is free and unlimited. */
  gate: Gate | null
  now: () => number
}

/** Makes a client of one upstream; it closes what it was given. */
export function createUpstreamClient({ upstream, gate, now }: UpstreamClientDeps): UpstreamClient {
  const { index } = upstream
  const ask = async <T>(work: PaidWork<T>, { signal, onProgress, patient }: ClientCall): Promise<Fetched<T>> => {
    if (gate === null) return { value: (await work(signal)).value, creditsSpent: 0, retrievedAt: now(), stale: false }
    const onWaiting = ({ retryAfterMs }: { retryAfterMs: number }) =>
      onProgress?.({ done: 0, message: `waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit` })
    const maxWaitMs = patient ? Number.POSITIVE_INFINITY : DEFAULT_MAX_WAIT_MS
    const options = { signal, credits: upstream.creditsPerCall, maxWaitMs, onWaiting }
    const { value, creditsSpent } = await gate.run(work, options)
    return { value, creditsSpent, retrievedAt: now(), stale: false }
  }

  return {
    name: upstream.name,
    creditsPerCall: upstream.creditsPerCall,
    index: index && {
      maxPageSize: index.maxPageSize,
      fetchPage: (page, call) => ask(signal => index.fetchPage(page, signal), call),
    },
    fetchDetails: (offerId, call) => ask(signal => upstream.fetchDetails(offerId, signal), call),
    creditsLeft: async () => (await gate?.usage())?.creditsLeft ?? null,
    get limitsNotShared() {
      return gate?.degraded ?? false
    },
    close: async () => {
      await upstream.close()
      await gate?.close()
    },
  }
}
