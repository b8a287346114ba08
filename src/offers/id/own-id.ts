/** Ids of a user's own offers that are not on 1688: made from what the offer is, and never taken for a real id. */
import { createHash } from 'node:crypto'

/** Real ids are signed 64-bit numbers, so no listing can have an id from here up to the largest of 19 digits. */
const FIRST_OWN_ID = 9_300_000_000_000_000_000n
const OWN_IDS = 700_000_000_000_000_000n

/** An id for an offer without one: 19 digits, the same for the same `identity`, for example an article number. */
export function deriveOwnId(identity: string): string {
  const digest = createHash('sha256').update(identity).digest()
  return String(FIRST_OWN_ID + (digest.readBigUInt64BE() % OWN_IDS))
}

/** True for an id of {@link deriveOwnId}: there is no listing to link to. */
export function isOwnId(offerId: string): boolean {
  return /^\d{19}$/.test(offerId) && BigInt(offerId) >= FIRST_OWN_ID
}
