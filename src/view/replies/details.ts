/** One offer in full, as the drawer reads it from a reply of `get_product_details`. */
import { asNumber, asObject, asObjects, asText, asTexts } from '../bridge/json.ts'
import { type Provenance, readProvenance } from './provenance.ts'

/** `null` is unknown. */
export interface Details {
  offerId: string
  title: string
  price: string | null
  priceOther: string | null
  unit: string | null
  moq: number | null
  lotSize: number | null
  shopName: string | null
  place: string | null
  /** Such as `sold_out`. */
  status: string | null
  weightKg: number | null
  /** https addresses. */
  pictures: string[]
  tiers: { from: number; price: string }[]
  variants: { name: string; price: string | null; stock: number | null }[]
  reviews: string[] | null
  /** What the reviews would cost, if they were asked for and not read. */
  reviewCredits: number | null
  link: string | null
  provenance: Provenance
}

/** `null` if the JSON is not of one offer. */
export function readDetails(reply: unknown): Details | null {
  const value = asObject(reply)
  const offerId = asText(value.offer_id)
  if (offerId === null || !Array.isArray(value.price_tiers)) return null
  const ends = [asText(value.min_price), asText(value.max_price)].filter(end => end !== null)
  const places = [asText(value.province), asText(value.city)].filter(place => place !== null)
  const { latest } = asObject(value.reviews)
  const unread = asObjects(value.not_read).find(({ part }) => part === 'reviews')
  return {
    offerId,
    title: asText(value.title) ?? offerId,
    price: [...new Set(ends)].join('–') || null,
    priceOther: asText(value.price_other),
    unit: asText(value.unit),
    moq: asNumber(value.moq),
    lotSize: asNumber(value.lot_size),
    shopName: asText(value.shop_name),
    place: places.join(' ') || null,
    status: asText(value.status),
    weightKg: asNumber(value.weight_kg),
    pictures: asTexts(value.images).filter(address => address.startsWith('https:')),
    tiers: asObjects(value.price_tiers).flatMap(tier => {
      const [from, price] = [asNumber(tier.min_quantity), asText(tier.price)]
      return from === null || price === null ? [] : [{ from, price }]
    }),
    variants: asObjects(value.skus).map(sku => ({
      name: asText(sku.name) ?? '–',
      price: asText(sku.price),
      stock: asNumber(sku.stock),
    })),
    reviews: Array.isArray(latest) ? asObjects(latest).flatMap(({ text }) => asText(text) ?? []) : null,
    reviewCredits: asNumber(unread?.credits),
    link: asText(value.detail_url),
    provenance: readProvenance(reply),
  }
}
