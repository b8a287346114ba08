/** Who stands behind an offer, as an upstream's record of the shop says. `null` means unknown. */
import * as z from 'zod'
import { evidence } from './evidence/evidence.ts'

const { sellerKind, badges, yearsOn1688, serviceScores } = evidence.shape

export type ShopProfile = z.infer<typeof shopProfile>
export const shopProfile = z.object({
  /** The source's ID of the shop. */
  shopId: z.string(),
  companyName: z.string().nullable(),
  shopName: z.string().nullable(),
  sellerKind,
  badges,
  yearsOn1688,
  serviceScores,
  city: z.string().nullable(),
  province: z.string().nullable(),
  /** On 1688.com, http(s). */
  shopUrl: z.string().nullable(),
})
