/** An upstream's calls about shops, metered and cached. */
import { SHOP_POLICY } from '../cache/policy.ts'
import type { Fetched } from '../offers/results/fetched.ts'
import { type ShopProfile, shopProfile } from '../offers/supplier.ts'
import type { ShopReader } from '../upstreams/port.ts'
import { createCachedSearch, type UpstreamSearch } from './cached-search.ts'
import type { CachedAnswer, MeteredCalls, UpstreamCallOptions } from './metered-call.ts'

export interface ShopCalls {
  /** Offers of a shop, by its ID. */
  readonly offers: UpstreamSearch<string>
  /** `null` if the upstream has only the shop's offers. */
  readonly profile: ShopProfileCall | null
}

export interface ShopProfileCall {
  fetch(shopId: string, call: UpstreamCallOptions): Promise<Fetched<ShopProfile>>
  /** What it would cost now: 0 for a fresh cached answer. Asks no upstream. */
  cost(shopId: string): Promise<number>
}

export function createShopCalls(
  { maxPageSize, applies, fetchOffers, fetchProfile }: ShopReader,
  calls: MeteredCalls,
  creditsPerCall: number,
): ShopCalls {
  const answer = (shopId: string): CachedAnswer<ShopProfile> => {
    return { kind: 'shop', id: shopId, policy: SHOP_POLICY, schema: shopProfile }
  }
  return {
    offers: createCachedSearch<string>(calls, {
      kind: 'shop_offers',
      maxPageSize,
      applies,
      idOf: shopId => shopId,
      fetchPage: (shopId, page) => send => send('shops', signal => fetchOffers(shopId, page, signal)),
    }),
    profile: fetchProfile && {
      fetch: (shopId, call) =>
        calls.meteredCall(answer(shopId), call, send => send('shops', signal => fetchProfile(shopId, signal))),
      cost: async shopId => ((await calls.getFresh(answer(shopId))) === null ? creditsPerCall : 0),
    },
  }
}
