/** Weight and size of an offer and its variants, in three lists of the 1688 Open Platform that differ in basis and unit. */
import type { Packaging } from '../../../offers/offer.ts'
import { asField, asIdText, asList, asObject, asPositive, type JsonObject } from '../../json-readers.ts'

/** Heavier than anything that is sold by the piece. */
const MAX_WEIGHT_KG = 100_000

const MAX_SIDE_CM = 10_000

/** By the platform's words: 预测-同款放大 (estimated from similar goods), 商家自填 (by the seller), 官方测量 (measured by 1688). */
const BASES = [
  ['measured', /官方测量/],
  ['seller', /商家自填/],
  ['predicted', /预测/],
] as const

export interface PackagingReader {
  ofSku(skuId: string | null): Packaging | null
  /** As measured by 1688; otherwise of the heaviest variant. */
  ofOffer: Packaging | null
}

/** @param shipping `productShippingInfo`. */
export function readPackaging(shipping: JsonObject | null): PackagingReader {
  const details = bySku(shipping?.skuShippingDetails)
  const lists = bySku(shipping?.skuShippingInfoList)
  const ofSku = (skuId: string | null) => {
    const detail = details.get(skuId ?? '') ?? null
    const listed = lists.get(skuId ?? '') ?? null
    return combined([measured(detail), stated(detail), statedInGrams(listed), predicted(detail)])
  }
  const variants = [...new Set([...details.keys(), ...lists.keys()])].map(ofSku).filter(variant => variant !== null)
  const whole = combined([measured(shipping), stated(shipping)])
  return { ofSku, ofOffer: whole?.basis === 'measured' ? whole : (heaviestOf(variants) ?? whole) }
}

function bySku(value: unknown): ReadonlyMap<string, JsonObject> {
  const rows = asList(value).map(asObject)
  return new Map(rows.flatMap(row => (row === null ? [] : [[asIdText(row.skuId) ?? '', row] as const])))
}

function measured(fields: JsonObject | null): Packaging {
  return {
    weightKg: asPositive(fields?.officialWeight, MAX_WEIGHT_KG),
    sizeCm: sizeOf([fields?.officialLength, fields?.officialWidth, fields?.officialHeight]),
    basis: 'measured',
  }
}

function stated(fields: JsonObject | null): Packaging {
  const source = asField(fields?.pkgSizeSource) ?? ''
  // The documentation's example lists all three.
  const named = BASES.filter(([, pattern]) => pattern.test(source)).map(([basis]) => basis)
  return {
    weightKg: asPositive(fields?.weight, MAX_WEIGHT_KG),
    sizeCm: sizeOf([fields?.length, fields?.width, fields?.height]),
    basis: named.length === 1 ? (named[0] ?? null) : null,
  }
}

function statedInGrams(fields: JsonObject | null): Packaging {
  const grams = asPositive(fields?.weight, MAX_WEIGHT_KG * 1000)
  return { ...stated(fields), weightKg: grams === null ? null : grams / 1000 }
}

function predicted(fields: JsonObject | null): Packaging {
  return { weightKg: asPositive(fields?.aiWeight, MAX_WEIGHT_KG), sizeCm: null, basis: 'predicted' }
}

function sizeOf(sides: readonly [unknown, unknown, unknown]): Packaging['sizeCm'] {
  const [length, width, height] = sides
  const [long, wide, high] = [length, width, height].map(side => asPositive(side, MAX_SIDE_CM))
  return long && wide && high ? [long, wide, high] : null
}

/** The first weight and the first size; a basis only if both have it. */
function combined(candidates: readonly Packaging[]): Packaging | null {
  const weighed = candidates.find(({ weightKg }) => weightKg !== null)
  const sized = weighed?.sizeCm ? weighed : candidates.find(({ sizeCm }) => sizeCm !== null)
  if (weighed === undefined && sized === undefined) return null
  const bases = new Set([weighed, sized].flatMap(part => (part === undefined ? [] : [part.basis])))
  const [basis = null] = bases
  return { weightKg: weighed?.weightKg ?? null, sizeCm: sized?.sizeCm ?? null, basis: bases.size === 1 ? basis : null }
}

function heaviestOf(variants: readonly Packaging[]): Packaging | null {
  const [heaviest = null] = [...variants].sort((a, b) => (b.weightKg ?? 0) - (a.weightKg ?? 0))
  return heaviest
}
