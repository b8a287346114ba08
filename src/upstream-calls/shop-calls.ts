/** An upstream's calls about shops. */
import { SHOP_POLICY } from '../cache/policy.ts'
import { type ShopProfile, shopProfile } from '../offers/supplier.ts'
import type { ShopReader } from '../upstreams/port.ts'
import { type CachedCall, createCachedCall } from './cached-call.ts'
import { createCachedSearch, type UpstreamSearch } from './cached-search.ts'
import type { MeteredCalls } from './metered-call.ts'

export interface ShopCalls {
  /** Offers of a shop, by its ID. */
  readonly offers: UpstreamSearch<string>
  /** `null` if the upstream has only the shop's offers. */
  readonly profile: CachedCall<ShopProfile> | null
}

export function createShopCalls(reader: ShopReader, calls: MeteredCalls): ShopCalls {
  const { maxPageSize, applies, fetchOffers, fetchProfile } = reader
  return {
    offers: createCachedSearch<string>(calls, {
      kind: 'shop_offers',
      maxPageSize,
      applies,
      idOf: shopId => shopId,
      fetchPage: (shopId, page) => send => send('shops', signal => fetchOffers(shopId, page, signal)),
    }),
    profile: createCachedCall(calls, {
      kind: 'shop',
      idOf: (shopId: string) => shopId,
      policy: SHOP_POLICY,
      schema: shopProfile,
      ability: 'shops',
      read: fetchProfile,
    }),
  }
}
