/** IDs for a user's own offers that are not on 1688: derived from the offer and never equal to a real ID. */
import { createHash } from 'node:crypto'

/** Of earlier versions: 19 digits, more than a signed 64-bit number has, which real IDs are. */
const FIRST_LONG_ID = 9_300_000_000_000_000_000n
const LONG_IDS = 700_000_000_000_000_000n

/** Spreadsheets keep 15 digits of a number. IDs of 1688 have 14 at most, so none is as large as these. */
const SHORT_ID = /^9\d{14}$/

/** 15 digits, always the same for the same `identity`, such as an article number. */
export function deriveOwnId(identity: string): string {
  return shortOwnId(deriveLongOwnId(identity))
}

/** What an earlier version gave the same offer. */
export function deriveLongOwnId(identity: string): string {
  const digest = createHash('sha256').update(identity).digest()
  return String(FIRST_LONG_ID + (digest.readBigUInt64BE() % LONG_IDS))
}

/** The ID that takes the place of one of an earlier version. */
export function shortOwnId(longId: string): string {
  return `9${longId.slice(-14)}`
}

export function isLongOwnId(offerId: string): boolean {
  return /^\d{19}$/.test(offerId) && BigInt(offerId) >= FIRST_LONG_ID
}

/** True for an ID from {@link deriveOwnId} of this version or an earlier one, which has no listing to link to. */
export function isOwnId(offerId: string): boolean {
  return SHORT_ID.test(offerId) || isLongOwnId(offerId)
}
