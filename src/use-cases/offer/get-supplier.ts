/** Who stands behind an offer, and what else they sell. */
import { IMPORT_SOURCE } from '../../catalogue/catalogue.ts'
import { asAppError, throwIfAborted, withMoreCredits } from '../../errors.ts'
import { type Evidence, evidenceOf } from '../../offers/evidence/evidence.ts'
import { sourceReport } from '../../offers/results/fetched.ts'
import type { Remark } from '../../offers/results/results.ts'
import type { SupplierResult } from '../../offers/results/supplier-result.ts'
import type { ShopProfile } from '../../offers/supplier.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import { limitCredits } from '../../upstream-calls/credit-limit.ts'
import { SAMPLE_SOURCE } from '../../upstream-calls/failover.ts'
import { createFindShop, type FindShopDeps, type FoundShop, type ShopAsked, type ShopReference } from './find-shop.ts'
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

/** What was spent and left out so far. */
interface Account extends Pick<SupplierResult, 'unread'> {
  spent: number
  maxCredits: number
  remarks: Remark[]
}

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
    const ranking = await shopOffers.rankingOf(request, call)
    const { maxCredits = first.creditsPerCall } = request
    const limited = { ...call, payer: limitCredits(maxCredits, call.payer) }
    const shop = 'offerId' in found ? await shops.read(found, limited) : found
    const account: Account = { spent: shop.creditsSpent, maxCredits, unread: [], remarks: [] }
    const asked = shops.readerOf(shop)
    const profile = asked && (await profileOf(asked, account, limited))
    const fetched = asked && (await fetchOffers(asked, { ...request, ...ranking }, account, limited))
    const offers = fetched ?? (await shopOffers.known(shop, { ...request, ...ranking }, sources()))
    return resultOf(request, shop, profile, offers, account)
  }

  async function profileOf({ shops, shopId }: ShopAsked, account: Account, call: CallOptions) {
    const { profile } = shops
    if (profile === null) return null
    const part = { part: 'profile' as const, credits: await profile.cost(shopId) }
    return withinLimit(part, account, call, () => profile.fetch(shopId, call))
  }

  async function fetchOffers(
    { upstream, shops, shopId }: ShopAsked,
    request: ShopOffersRequest & Ranking,
    account: Account,
    call: CallOptions,
  ) {
    const part = { part: 'offers' as const, credits: await shopOffers.priceOf(shops, shopId, request, call) }
    return withinLimit(part, account, call, () => shopOffers.fetch(upstream, shops, shopId, request, call))
  }

  /** `null` if the part costs too much or fails, which is reported and does not stop the others. */
  async function withinLimit<T>(
    part: SupplierResult['unread'][number],
    account: Account,
    call: CallOptions,
    fetch: () => Promise<{ value: T; creditsSpent: number }>,
  ): Promise<T | null> {
    if (account.spent + part.credits > account.maxCredits) {
      account.unread.push(part)
      return null
    }
    try {
      const { value, creditsSpent } = await fetch()
      account.spent += creditsSpent
      return value
    } catch (thrown) {
      throwIfAborted(call.signal, withMoreCredits(thrown, account.spent))
      const { code, message, hint, creditsSpent } = asAppError(thrown)
      if (code === 'internal') throw thrown
      account.spent += creditsSpent
      account.remarks.push({ kind: 'part_failed', part: part.part, code, message, hint })
      return null
    }
  }

  /** What each part would cost now. */
  async function priced(
    found: Awaited<ReturnType<typeof shops.find>>,
    request: ShopOffersRequest,
    call: CallOptions,
  ): Promise<Account> {
    const { creditsPerCall } = first
    const asked = 'offerId' in found ? null : shops.readerOf(found)
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
    return { spent: 0, maxCredits: 0, unread: parts.filter(({ credits }) => credits > 0), remarks: [] }
  }

  async function resultOf(
    { page, pageSize, dryRun }: SupplierRequest,
    shop: FoundShop,
    profile: ShopProfile | null,
    { retrievedAt, remarks, ...list }: ShopOffers,
    account: Account,
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
      unread: account.unread,
      isDryRun: dryRun,
      source: sourceReport(shop.source ?? first.name, times.length === 0 ? null : Math.min(...times), now()),
      credits: { spent: account.spent, remaining: await first.creditsLeft() },
      remarks: [
        ...(shop.source === SAMPLE_SOURCE ? [{ kind: 'sample_data' as const }] : []),
        ...takeRemarks(),
        ...account.remarks,
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
