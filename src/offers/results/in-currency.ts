import type { OtherCurrency } from './landed-cost-result.ts'
import type { Remark } from './results.ts'

/** A result whose prices are shown in another currency, too, if one was asked for and its rate is known. */
export type InCurrency<Result> = Result & { otherCurrency?: OtherCurrency }

export interface FoundCurrency {
  currency: OtherCurrency | null
  remarks: Remark[]
}

export function inCurrency<Result extends { remarks: Remark[] }>(
  result: Result,
  { currency, remarks }: FoundCurrency,
): InCurrency<Result> {
  const told = remarks.length === 0 ? result : { ...result, remarks: [...result.remarks, ...remarks] }
  return currency === null ? told : { ...told, otherCurrency: currency }
}
