/** Domestic freight at the 1688 Open Platform. Field names: its public documentation. */
import { invalidInput } from '../../../errors.ts'
import type { Freight, FreightQuery } from '../../../offers/extras.ts'
import { quoted } from '../../../offers/text.ts'
import { asBoolean, asObject, needObject, upstreamChanged } from '../../json-readers.ts'
import { codesOf } from '../division-codes.ts'

/** A larger fee is something else. */
const HIGHEST_FEE_CNY = 1e7

/** @throws AppError `invalid_input` for a province without codes. */
export function freightParams({ offerId, province, quantity }: FreightQuery): Record<string, string> {
  const codes = codesOf(province)
  if (codes === null) {
    throw invalidInput(
      `1688 estimates no freight to ${quoted(province)}.`,
      'Name a warehouse on the mainland, or pass domestic_freight.',
    )
  }
  const query = {
    offerId,
    toProvinceCode: codes.province,
    toCityCode: codes.city,
    // The platform calls the district so.
    toCountryCode: codes.district,
    totalNum: quantity,
  }
  return { productFreightQueryParamsNew: JSON.stringify(query) }
}

/** @param body of `product.freight.estimate`. @throws AppError `upstream_changed`. */
export function parseFreight(body: unknown): Freight {
  const { freight, freePostage } = needObject(needObject(asObject(body)?.result, 'result').result, 'result.result')
  if (asBoolean(freePostage) === true) return { feeCny: 0 }
  const isGiven = typeof freight === 'number' || (typeof freight === 'string' && freight.trim() !== '')
  const feeCny = isGiven ? Number(freight) : Number.NaN
  if (!(feeCny >= 0 && feeCny <= HIGHEST_FEE_CNY)) throw upstreamChanged('result.result.freight', 'an amount')
  return { feeCny }
}
