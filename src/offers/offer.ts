/** Owns the nouns of the trade: what an offer on 1688 is, as far as anybody told us. `null` means unknown, never zero. */
import type { Count } from './count.ts'

/** A price in CNY: the seller's own text, with numbers beside it. */
export interface Price {
  /** As the seller wrote it, cleaned: `"2.85"`, `"2.88-25.65"`. */
  text: string
  /** The lowest number in the text, in CNY. */
  min: number
  /** The highest number in the text, in CNY; equal to `min` for a single price. */
  max: number
}

/** One step of a quantity ladder (阶梯价): from this quantity on, a unit costs this much. */
export interface PriceTier {
  /** In units, at least 1. */
  minQuantity: number
  price: Price
}

/** One variant of an offer. */
export interface Sku {
  /** The upstream's id of the variant. */
  skuId: string | null
  /** What tells it apart, for example `"红色 / XL"`. */
  name: string
  price: Price | null
  /** Units on sale. */
  stock: number | null
}

/** Units that were sold. */
export interface Sold extends Count {
  /** Over how many days they were counted; `null` where the upstream does not say. */
  days: number | null
}

/** Whether an order may mix the seller's goods (混批), and from where on. */
export interface MixedBatch {
  offered: boolean
  /** Units in all from which on they may be mixed; `null` where that is no condition or unknown. */
  minUnits: number | null
  /** The same as an order's worth, in CNY. Either of the two is enough. */
  minCny: number | null
}

/**
 * What 1688 vouches for: an audited large factory (超级工厂), a verified merchant (实力商家), a paying member of known identity (诚信通).
 */
export type SellerBadge = 'super_factory' | 'verified_merchant' | 'trustpass'

/** What a search knows of an offer. */
export interface OfferSummary {
  /** Digits only, see offer-id.ts. */
  offerId: string
  /** The listing's title: third-party text, cleaned by text.ts. */
  title: string
  price: Price | null
  /** Minimum order quantity (起批量), in units. */
  moq: number | null
  /** As given: 件, 个, 套, … */
  unit: string | null
  shopName: string | null
  /** With its suffix: `"金华市"`. */
  city: string | null
  /** With its suffix: `"浙江省"`. */
  province: string | null
  /** http(s), `sample:` for a picture inside this package, or `file:` for one of an imported file, which no reply shows. */
  imageUrl: string | null
}

/** What a details call knows of an offer. */
export interface OfferDetails extends OfferSummary {
  /** Picture URLs, the first is the main one. */
  images: string[]
  /** Ascending in quantity; empty where the price does not depend on quantity or that is unknown. */
  priceTiers: PriceTier[]
  /** Empty where the upstream gives none. */
  skus: Sku[]
  /** An order is a multiple of this many units (起批 by the lot). */
  lotSize: number | null
  mixedBatch: MixedBatch | null
  sold: Sold | null
  /** Of one unit, in kilograms. */
  weightKg: number | null
  /** Part of the seller's buyers that came back (复购率), 0 to 1. */
  repurchaseRate: number | null
  /** Empty where none is known. */
  sellerBadges: SellerBadge[]
}

/** What {@link OfferDetails} adds to an offer where a source tells nothing of it. */
export const NOTHING_MORE = {
  lotSize: null,
  mixedBatch: null,
  sold: null,
  weightKg: null,
  repurchaseRate: null,
  sellerBadges: [],
} satisfies Partial<OfferDetails>
