import type { OfferSummary } from '../../offers/offer.ts'
import { factsToJson } from '../facts.ts'
import { photosToJson } from '../rows.ts'
import { separateChinese } from '../words.ts'

/**
 * Takes {@link offerParameters}. The later sighting wins, and an unknown value keeps the old one. A price is one value
 * in three columns. A place is one value in two: half of an old place stays only if the new half does not contradict
 * it. A sighting in the future comes from a wrong clock and does not win.
 */
export const UPSERT_OFFER = `
  INSERT INTO offers (source, offer_id, title, words, price_text, price_min, price_max, moq, unit, shop_name, city, province, image_url, photos,
    facts, facts_seen_at, first_seen_at, last_seen_at, version)
  VALUES (:source, :offerId, :title, :words, :priceText, :priceMin, :priceMax, :moq, :unit, :shopName, :city, :province, :imageUrl, :photos,
    :facts, iif(:facts IS NULL, NULL, :seenAt), :seenAt, :seenAt, :version)
  ON CONFLICT (source, offer_id) DO UPDATE SET
    title = excluded.title,
    words = excluded.words,
    price_text = iif(json_array_length(excluded.facts, '$.quoted') > 0, excluded.price_text, coalesce(excluded.price_text, price_text)),
    price_min = iif(json_array_length(excluded.facts, '$.quoted') > 0, excluded.price_min, coalesce(excluded.price_min, price_min)),
    price_max = iif(json_array_length(excluded.facts, '$.quoted') > 0, excluded.price_max, coalesce(excluded.price_max, price_max)),
    moq = coalesce(excluded.moq, moq),
    unit = coalesce(excluded.unit, unit),
    shop_name = coalesce(excluded.shop_name, shop_name),
    city = coalesce(excluded.city, iif(excluded.province IS NULL OR excluded.province = province, city, NULL)),
    province = coalesce(excluded.province, iif(excluded.city IS NULL OR excluded.city = city, province, NULL)),
    image_url = coalesce(excluded.image_url, image_url),
    photos = coalesce(excluded.photos, photos),
    facts = iif(excluded.facts IS NULL OR facts IS NULL, coalesce(excluded.facts, facts), json_patch(facts, excluded.facts)),
    facts_seen_at = coalesce(excluded.facts_seen_at, facts_seen_at),
    last_seen_at = excluded.last_seen_at,
    version = excluded.version
  WHERE excluded.last_seen_at >= last_seen_at OR last_seen_at > 1000 * unixepoch('subsec')`

export function offerParameters(source: string, offer: OfferSummary, seenAt: number, version: number) {
  return {
    source,
    offerId: offer.offerId,
    title: offer.title,
    words: separateChinese(offer.title),
    priceText: offer.price?.text ?? null,
    priceMin: offer.price?.min ?? null,
    priceMax: offer.price?.max ?? null,
    moq: offer.moq,
    unit: offer.unit,
    shopName: offer.shopName,
    city: offer.city,
    province: offer.province,
    imageUrl: offer.imageUrl,
    photos: photosToJson(offer),
    facts: factsToJson(offer),
    seenAt,
    version,
  }
}
