import type { Evidence } from '../evidence/evidence.ts'
import type { ShopProfile } from '../supplier.ts'
import type { CreditReport, RankedOffer, Remark, SourceReport } from './results.ts'

/** Parts of an answer about a supplier that may cost a credit each. */
export type SupplierPart = 'picture' | 'listing' | 'profile' | 'offers'

export interface SupplierResult {
  /** The source's ID of the shop. */
  shopId: string | null
  shopName: string | null
  city: string | null
  province: string | null
  /** Of the shop's record, where there is one, and of the offer it was found by. */
  evidence: Evidence
  /** The upstream's record of the shop; `null` if it has none, or none was read. */
  profile: ShopProfile | null
  offers: {
    list: RankedOffer[]
    page: number
    pageSize: number
    totalFound: number | null
    hasMore: boolean
    /** `catalogue`: only the offers that are known here. */
    from: 'upstream' | 'catalogue'
  }
  /** What was left out because it costs more than `max_credits` allows; in a dry run, all that would cost something. */
  unread: { part: SupplierPart; credits: number }[]
  isDryRun: boolean
  source: SourceReport
  credits: CreditReport
  remarks: Remark[]
}
