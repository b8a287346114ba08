import * as z from 'zod'
import { DEFAULT_OWN_OFFERS } from '../catalogue/holdings.ts'
import type { ParseTier } from '../limits/ledger/allowance.ts'
import { type ApiKey, KEY_RIGHTS, type KeyRight } from './api-key.ts'

export const KEY_COLUMNS = 'id, hash, name, tier, created_at, expires_at, revoked_at, rights, own_offers'

const row = z
  .object({
    id: z.string(),
    hash: z.instanceof(Uint8Array),
    name: z.string(),
    tier: z.enum(['free', 'hobby', 'developer']) satisfies z.ZodType<ParseTier>,
    created_at: z.number(),
    expires_at: z.number().nullable(),
    revoked_at: z.number().nullable(),
    rights: z.string().transform(readRights),
    own_offers: z.number().nullable(),
  })
  .transform(fields => {
    const {
      hash,
      created_at: createdAt,
      expires_at: expiresAt,
      revoked_at: revokedAt,
      own_offers: own,
      ...rest
    } = fields
    return {
      hash,
      key: { ...rest, ownOffers: own ?? DEFAULT_OWN_OFFERS, createdAt, expiresAt, revokedAt } satisfies ApiKey,
    }
  })

/** As a column: names separated by commas. A right that this version does not know gives nothing. */
export function rightsText(rights: readonly KeyRight[]): string {
  return KEY_RIGHTS.filter(right => rights.includes(right))
    .toSorted()
    .join(',')
}

function readRights(text: string): KeyRight[] {
  const names = text.split(',')
  return KEY_RIGHTS.filter(right => names.includes(right)).toSorted()
}

export function readKeyRow(fields: unknown): { hash: Uint8Array; key: ApiKey } {
  return row.parse(fields)
}
