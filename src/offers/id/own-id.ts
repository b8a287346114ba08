/** IDs for a user's own offers that are not on 1688: derived from the offer and never equal to a real ID. */
import { createHash } from 'node:crypto'

/** Real IDs are signed 64-bit numbers, so no listing can have an ID from here up to the largest number of 19 digits. */
const FIRST_OWN_ID = 9_300_000_000_000_000_000n
const OWN_IDS = 700_000_000_000_000_000n

/** 19 digits, always the same for the same `identity`, such as an article number. */
export function deriveOwnId(identity: string): string {
  const digest = createHash('sha256').update(identity).digest()
  return String(FIRST_OWN_ID + (digest.readBigUInt64BE() % OWN_IDS))
}

/** True for an ID from {@link deriveOwnId}, which has no listing to link to. */
export function isOwnId(offerId: string): boolean {
  return /^\d{19}$/.test(offerId) && BigInt(offerId) >= FIRST_OWN_ID
}
