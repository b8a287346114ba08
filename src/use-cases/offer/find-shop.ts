/** Finds the shop that is meant, and the upstream that can be asked about it. */
import { type Catalogue, type CatalogueOffer, IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { AppError } from '../../errors.ts'
import { evidenceOf } from '../../offers/evidence/evidence.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import type { DetailsResult } from '../../offers/results/results.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClients } from '../../upstream-calls/failover.ts'
import type { ShopCalls } from '../../upstream-calls/shop-calls.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import type { DetailsRequest } from './get-details.ts'

/** How a caller names a shop: by one of its offers, or by its ID or name. */
export type ShopReference = UnreadOffer | { shop: string }

export interface UnreadOffer {
  offerId: string
}

export interface FoundShop {
  shopId: string | null
  shopName: string | null
  /** An offer of the shop; `null` if none is known. */
  offer: OfferSummary | null
  /** Who said so; `null` if nobody did. */
  source: string | null
  /** Milliseconds since 1970; `null` if nothing is known. */
  retrievedAt: number | null
  creditsSpent: number
}

/** A shop that an upstream can be asked about. */
export interface ShopAsked {
  upstream: UpstreamClient
  shops: ShopCalls
  shopId: string
}

export interface FindShopDeps {
  catalogue: Catalogue
  upstreams: UpstreamClients
  getDetails: (request: DetailsRequest, call: CallOptions) => Promise<DetailsResult>
}

export function createFindShop({ catalogue, upstreams, getDetails }: FindShopDeps) {
  const sources = [...upstreams.map(({ name }) => name), IMPORT_SOURCE]
  const canAsk = (source: string | null) => upstreams.some(({ name, shops }) => name === source && shops !== null)

  return {
    /** Asks no upstream. Returns an offer's ID if its listing has to be read. */
    async find(reference: ShopReference): Promise<FoundShop | UnreadOffer> {
      if ('shop' in reference) return byName(reference.shop)
      const rows = await Promise.all(sources.map(source => catalogue.getOffer(reference.offerId, [source])))
      const found = rows.filter(row => row !== null).map(foundIn)
      const askable = found.find(({ source, shopId }) => shopId !== null && canAsk(source))
      if (askable) return askable
      // Without an upstream to ask about shops, the shop's name is all that a listing could add.
      const named = upstreams.some(({ shops }) => shops) ? undefined : found.find(({ shopName }) => shopName !== null)
      return named ?? reference
    },
    /** Reads the offer's listing, which may cost a credit. */
    async read({ offerId }: UnreadOffer, call: CallOptions): Promise<FoundShop> {
      const { details, source, credits } = await getDetails({ offerId }, call)
      const { shopId } = evidenceOf(details)
      const { upstream, retrievedAt } = source
      const shop = { shopId, shopName: details.shopName, offer: details, source: upstream }
      return { ...shop, retrievedAt, creditsSpent: credits.spent }
    },
    /** Whom to ask about a shop; `null` if no upstream can be. */
    readerOf({ source, shopId }: FoundShop): ShopAsked | null {
      const upstream = upstreams.find(({ name }) => name === source)
      return upstream?.shops && shopId !== null ? { upstream, shops: upstream.shops, shopId } : null
    },
  }

  async function byName(shop: string): Promise<FoundShop> {
    const [row] = await catalogue.offersOfShop({ shopId: shop, shopName: shop, sources, limit: 1 })
    if (row) return foundIn(row)
    const reader = upstreams.find(({ shops }) => shops !== null)
    if (reader === undefined || !/^[\w-]{3,64}$/.test(shop)) throw noSuchShop()
    return { shopId: shop, shopName: null, offer: null, source: reader.name, retrievedAt: null, creditsSpent: 0 }
  }
}

function foundIn({ offer, source, lastSeenAt }: CatalogueOffer): FoundShop {
  const { shopId } = evidenceOf(offer)
  return { shopId, shopName: offer.shopName, offer, source, retrievedAt: lastSeenAt, creditsSpent: 0 }
}

function noSuchShop(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'No known offer is from a shop with this ID or name.',
    hint: 'Pass the offer_id of one of its offers, or the shop_id of a details reply.',
  })
}
