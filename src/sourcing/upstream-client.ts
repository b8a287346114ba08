/** Owns asking an upstream on a use case's behalf: through the gate of the ledger and its retries. */
import type { Gate, PaidWork } from '../limits/gate.ts'
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
export type ClientCall = Pick<CallOptions, 'signal' | 'onProgress'>

/** An upstream as the use cases see it. */
export interface UpstreamClient {
  readonly name: string
  readonly creditsPerCall: number
  readonly maxPageSize: number
  fetchIndexPage(page: number, call: ClientCall): Promise<Fetched<IndexPage>>
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
  const ask = async <T>(work: PaidWork<T>, { signal, onProgress }: ClientCall): Promise<Fetched<T>> => {
    if (gate === null) return { value: (await work(signal)).value, creditsSpent: 0, retrievedAt: now(), stale: false }
    const onWaiting = ({ retryAfterMs }: { retryAfterMs: number }) =>
      onProgress?.({ done: 0, message: `waiting about ${Math.ceil(retryAfterMs / 1000)} s for the rate limit` })
    const { value, creditsSpent } = await gate.run(work, { signal, credits: upstream.creditsPerCall, onWaiting })
    return { value, creditsSpent, retrievedAt: now(), stale: false }
  }

  return {
    name: upstream.name,
    creditsPerCall: upstream.creditsPerCall,
    maxPageSize: upstream.maxPageSize,
    fetchIndexPage: (page, call) => ask(signal => upstream.fetchIndexPage(page, signal), call),
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
