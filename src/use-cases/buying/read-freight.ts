/** Domestic freight as the upstream of each offer estimates it, within what the call may spend. */
import { shipmentOf, type UnitSize } from '../../costs/shipment.ts'
import { invalidInput } from '../../errors.ts'
import type { FreightQuery } from '../../offers/extras.ts'
import { resolvePlace } from '../../offers/place/place.ts'
import { toFen } from '../../offers/price/decimal.ts'
import type { Fen } from '../../offers/results/landed-cost-result.ts'
import { quoted } from '../../offers/text.ts'
import type { CallOptions } from '../../upstream-calls/call-options.ts'
import type { UpstreamClient } from '../../upstream-calls/upstream-client.ts'
import type { PaidParts } from '../paid-parts.ts'

const PART = 'domestic freight'

export type FreightPart = typeof PART

/** @throws AppError `invalid_input` unless the text names one province of China, or a place in one. */
export function provinceOf(warehouse: string): string {
  const provinces = new Set(resolvePlace(warehouse).map(place => place.province))
  const [province, ...others] = provinces
  if (typeof province === 'string' && others.length === 0) return province
  throw invalidInput(
    `warehouse ${quoted(warehouse)} ${others.length > 0 ? 'could be in several provinces' : 'is not a Chinese city or province we recognise'}.`,
    'Pass a province, such as 广东 or Guangdong; for a country, use destination.',
  )
}

/** @param client the upstream that answered for the offer; none for imported ones. @returns `null` if unknown. */
export async function readFreight(
  client: UpstreamClient | undefined,
  { offerId, province, quantity }: Omit<FreightQuery, 'weightKg'>,
  unit: UnitSize,
  parts: PaidParts<FreightPart>,
  call: CallOptions,
): Promise<Fen | null> {
  const freight = client?.extras?.freight
  if (!freight) {
    const message = `${client?.name ?? 'The catalogue'} does not estimate it.`
    parts.remarks.push({
      kind: 'part_failed',
      part: PART,
      code: 'not_granted',
      message,
      hint: 'Pass domestic_freight.',
    })
    return null
  }
  const { actualG } = shipmentOf(unit, quantity, null)
  const query = { offerId, province, quantity, weightKg: actualG === null ? null : Number(actualG) / 1000 }
  const found = await parts.read(PART, await freight.cost(query), () => freight.fetch(query, call))
  return found && toFen(found.feeCny)
}
