/** Terms of an offer in TMAPI's `item_detail`: how it is shipped and mixed, whether it can be ordered, its attributes. */
import type { MixedBatch, OfferDetails, OfferStatus, Packaging, Sku } from '../../offers/offer.ts'
import { parsePrice } from '../../offers/price/price.ts'
import { asField, asFlag, asInteger, asList, asObject, asPositive, type JsonObject } from '../json-readers.ts'

const MAX_WEIGHT_KG = 100_000
const MAX_SIZE_CM = 100_000
const MAX_MIX_CNY = 1e9

/** @param info `package_info` of a variant; zero stands for unknown. */
export function variantPackaging(info: JsonObject | null): Packaging | null {
  const weightKg = asPositive(info?.weight, MAX_WEIGHT_KG)
  const [length = null, width = null, height = null] = [info?.length, info?.width, info?.height].map(side =>
    asPositive(side, MAX_SIZE_CM),
  )
  const sizeCm: Packaging['sizeCm'] = length && width && height ? [length, width, height] : null
  // Who weighed it is not documented.
  return weightKg === null && sizeCm === null ? null : { weightKg, sizeCm, basis: null }
}

/** Of the heaviest variant, or what the freight is computed from if that is more. */
export function packagingOf(delivery: JsonObject | null, skus: readonly Sku[]): Packaging | null {
  const unitKg = asPositive(delivery?.unit_weight, MAX_WEIGHT_KG)
  const known = skus.flatMap(({ packaging }) => packaging ?? [])
  const byWeight = known.toSorted((a, b) => (b.weightKg ?? 0) - (a.weightKg ?? 0))
  const weightKg = Math.max(unitKg ?? 0, byWeight[0]?.weightKg ?? 0) || null
  const sizeCm = byWeight.find(packaging => packaging.sizeCm !== null)?.sizeCm ?? null
  return weightKg === null && sizeCm === null ? null : { weightKg, sizeCm, basis: null }
}

/** A minimum of 2147483647 stands for none, as does zero. */
export function mixedBatchOf(data: JsonObject): MixedBatch | null {
  const batch = asObject(data.mixed_batch)
  const param = asObject(asObject(data.sku_price_range)?.mix_param)
  const supported = asFlag(param?.supportMix)
  if (supported === false) return { offered: false, minUnits: null, minCny: null }
  const minUnits = asInteger(batch?.mix_num, 1) ?? asInteger(param?.mixNum, 1)
  const minCny = asPositive(batch?.mix_amount, MAX_MIX_CNY) ?? asPositive(param?.mixAmount, MAX_MIX_CNY)
  return supported || minUnits !== null || minCny !== null ? { offered: true, minUnits, minCny } : null
}

/** Sold out as well if none of its variants is in stock, whatever else is said. */
export function statusOf(data: JsonObject, skus: readonly Sku[]): OfferStatus | null {
  const isSoldOut = asFlag(data.is_sold_out)
  if (isSoldOut || (skus.length > 0 && skus.every(({ stock }) => stock === 0))) return 'sold_out'
  return isSoldOut === false ? 'on_sale' : null
}

/** Zero is not taken for free shipping: it is also sent where the fee depends on the place. */
export function freightOf(delivery: JsonObject | null): number | null {
  return parsePrice(delivery?.delivery_fee)?.min ?? null
}

/** @param props `[{"品牌": "夏新"}, …]`. */
export function attributesOf(props: unknown): OfferDetails['attributes'] {
  return asList(props)
    .flatMap(prop => Object.entries(asObject(prop) ?? {}))
    .flatMap(([key, raw]) => {
      const name = asField(key)
      const value = asField(typeof raw === 'number' ? String(raw) : raw)
      return name === null || value === null ? [] : { name, value }
    })
}
