/** Who stands behind an offer, and what else they sell. */
import { IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { withMoreCredits } from '../../errors.ts'
import { type Evidence, evidenceOf } from '../../offers/evidence/evidence.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { Remark } from '../../offers/results/results.ts'
import type { SupplierPart, SupplierResult } from '../../offers/results/supplier-result.ts'
import type { ShopProfile } from '../../offers/supplier.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { SAMPLE_SOURCE } from '../../upstream-calls/failover.ts'
import { limitCredits } from '../../upstream-calls/payers/credit-limit.ts'
import { createPaidParts, type PaidParts } from '../paid-parts.ts'
import {
  createFindShop,
  type FindShopDeps,
  type FoundShop,
  type ShopAsked,
  type ShopReference,
  type UnreadOffer,
} from './find-shop.ts'
import {
  createShopOffers,
  type Ranking,
  type ShopOffers,
  type ShopOffersDeps,
  type ShopOffersRequest,
} from './shop-offers.ts'

export interface SupplierRequest extends ShopOffersRequest {
  reference: ShopReference
  /** Bounds what the whole call spends. Default: one call of the upstream. */
  maxCredits?: number | undefined
  /** Price the call without reading anything. */
  dryRun: boolean
}

export interface SupplierDeps extends FindShopDeps, ShopOffersDeps {
  now: () => number
  takeRemarks: () => readonly Remark[]
}

type Gathered = Pick<PaidParts<SupplierPart>, 'spent' | 'unread' | 'remarks'>

export function createGetSupplier(deps: SupplierDeps) {
  const { upstreams, takeRemarks, now } = deps
  const [first] = upstreams
  const shops = createFindShop(deps)
  const shopOffers = createShopOffers(deps)

  return async function getSupplier(request: SupplierRequest, call: CallOptions): Promise<SupplierResult> {
    const found = await shops.find(request.reference)
    if (request.dryRun)
      return resultOf(
        request,
        'offerId' in found ? NO_SHOP : found,
        null,
        NO_OFFERS,
        await priced(found, request, call),
      )
    const { maxCredits = first.creditsPerCall } = request
    const listing = 'offerId' in found ? await first.detailsCost(found.offerId) : 0
    const ranking = await shopOffers.rankingOf(request, (request.maxCredits ?? 0) - listing, call)
    const limited = { ...call, payer: limitCredits(maxCredits - ranking.creditsSpent, call.payer) }
    const shop = 'offerId' in found ? await readShop(found, ranking.creditsSpent, limited) : found
    const parts = createPaidParts<SupplierPart>(maxCredits, ranking.creditsSpent + shop.creditsSpent, call.signal)
    if (ranking.unreadCredits > 0) parts.unread.push({ part: 'picture', credits: ranking.unreadCredits })
    const asked = shops.readerOf(shop)
    const profile = asked && (await profileOf(asked, parts, limited))
    const fetched = asked && (await fetchOffers(asked, { ...request, ...ranking }, parts, limited))
    const offers = fetched ?? (await shopOffers.known(shop, { ...request, ...ranking }, sources()))
    return resultOf(request, shop, profile, offers, parts)
  }

  function readShop(offer: UnreadOffer, spentBefore: number, call: CallOptions): Promise<FoundShop> {
    return shops.read(offer, call).catch(error => {
      throw withMoreCredits(error, spentBefore)
    })
  }

  async function profileOf({ shops, shopId }: ShopAsked, parts: PaidParts<SupplierPart>, call: CallOptions) {
    const { profile } = shops
    return profile && parts.read('profile', await profile.cost(shopId), () => profile.fetch(shopId, call))
  }

  async function fetchOffers(
    { upstream, shops, shopId }: ShopAsked,
    request: ShopOffersRequest & Ranking,
    parts: PaidParts<SupplierPart>,
    call: CallOptions,
  ) {
    const credits = await shopOffers.priceOf(shops, shopId, request, call)
    return parts.read('offers', credits, () => shopOffers.fetch(upstream, shops, shopId, request, call))
  }

  /** What each part would cost now. */
  async function priced(
    found: Awaited<ReturnType<typeof shops.find>>,
    request: ShopOffersRequest,
    call: CallOptions,
  ): Promise<Gathered> {
    const { creditsPerCall } = first
    const asked = 'offerId' in found ? null : shops.readerOf(found)
    const picture = await shopOffers.pictureCost(request)
    const costs =
      'offerId' in found
        ? {
            listing: await first.detailsCost(found.offerId),
            profile: first.shops?.profile ? creditsPerCall : 0,
            offers: first.shops ? creditsPerCall : 0,
          }
        : {
            listing: 0,
            profile: (await asked?.shops.profile?.cost(asked.shopId)) ?? 0,
            offers: asked ? await shopOffers.priceOf(asked.shops, asked.shopId, request, call) : 0,
          }
    const parts = (['listing', 'profile', 'offers'] as const).map(part => ({ part, credits: costs[part] }))
    return {
      spent: 0,
      unread: [{ part: 'picture' as const, credits: picture }, ...parts].filter(({ credits }) => credits > 0),
      remarks: [],
    }
  }

  async function resultOf(
    { page, pageSize, dryRun }: SupplierRequest,
    shop: FoundShop,
    profile: ShopProfile | null,
    { retrievedAt, remarks, ...list }: ShopOffers,
    { spent, unread, remarks: onParts }: Gathered,
  ): Promise<SupplierResult> {
    const times = [shop.retrievedAt, retrievedAt].filter(time => time !== null)
    return {
      shopId: shop.shopId,
      shopName: profile?.shopName ?? profile?.companyName ?? shop.shopName,
      city: profile?.city ?? shop.offer?.city ?? null,
      province: profile?.province ?? shop.offer?.province ?? null,
      evidence: evidenceWith(profile, shop),
      profile,
      offers: { ...list, page, pageSize },
      unread,
      isDryRun: dryRun,
      source: sourceReport(shop.source ?? first.name, times.length === 0 ? null : Math.min(...times), now()),
      credits: { spent, remaining: await first.creditsLeft() },
      remarks: [
        ...(shop.source === SAMPLE_SOURCE ? [{ kind: 'sample_data' as const }] : []),
        ...takeRemarks(),
        ...onParts,
        ...remarks,
      ],
    }
  }

  function sources(): string[] {
    return [...upstreams.map(({ name }) => name), IMPORT_SOURCE]
  }
}

const NO_SHOP: FoundShop = {
  shopId: null,
  shopName: null,
  offer: null,
  source: null,
  retrievedAt: null,
  creditsSpent: 0,
}

const NO_OFFERS: ShopOffers = {
  list: [],
  totalFound: null,
  hasMore: false,
  from: 'catalogue',
  retrievedAt: null,
  remarks: [],
}

/** The shop's own record comes first; what only the offer says is kept. */
function evidenceWith(profile: ShopProfile | null, { offer }: FoundShop): Evidence {
  const evidence = evidenceOf(offer ?? {})
  if (profile === null) return evidence
  const { sellerKind, yearsOn1688, serviceScores, badges } = profile
  return {
    ...evidence,
    sellerKind: sellerKind ?? evidence.sellerKind,
    yearsOn1688: yearsOn1688 ?? evidence.yearsOn1688,
    serviceScores: serviceScores ?? evidence.serviceScores,
    badges: [...new Set([...badges, ...evidence.badges])],
  }
}
