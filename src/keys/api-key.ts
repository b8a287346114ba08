import { AppError, invalidInput } from '../errors.ts'
import type { ParseTier } from '../limits/ledger/allowance.ts'
import { quoted } from '../offers/text.ts'

/** What a key may do beyond the calls of its tier: read `/metrics`, or import offers. */
export const KEY_RIGHTS = ['metrics', 'import'] as const

export type KeyRight = (typeof KEY_RIGHTS)[number]

/** An API key without its text, of which only a keyed hash is stored. */
export interface ApiKey {
  /** 8 hexadecimal digits. Part of the key's text, and the only part that may appear in a log. */
  id: string
  /** The owner, for people to read. */
  name: string
  tier: ParseTier
  /** Sorted. */
  rights: readonly KeyRight[]
  /** How many offers it may import, which sets the room for pictures as well. */
  ownOffers: number
  /** Milliseconds since 1970. */
  createdAt: number
  /** Milliseconds since 1970; `null`: never. */
  expiresAt: number | null
  /** Milliseconds since 1970; `null`: not revoked. */
  revokedAt: number | null
}

export interface IssuedKey {
  key: ApiKey
  /** Shown once; it cannot be read back. */
  text: string
}

export interface NewKey extends Pick<ApiKey, 'name' | 'tier' | 'expiresAt'> {
  /** Default: none. */
  rights?: readonly KeyRight[]
  /** Default: 10,000. */
  ownOffers?: number
}

/** Rejects with AppError `store_unavailable` while the store cannot be used, and with `not_found` for an unknown ID. */
export interface KeyStore {
  add(key: NewKey): Promise<IssuedKey>
  /** All keys, oldest first, including revoked ones. */
  list(): Promise<ApiKey[]>
  /** Permanent. Revoking a revoked key changes nothing. */
  revoke(id: string): Promise<ApiKey>
  /** Limits and credits stay the same. @throws AppError `invalid_input` for a revoked key. */
  rotate(id: string): Promise<IssuedKey>
  /** Replaces the rights of a key. */
  allow(id: string, rights: readonly KeyRight[]): Promise<ApiKey>
  /** The key with this text, even if expired or revoked. */
  find(text: string): Promise<ApiKey | null>
  /** Whether no key was ever created. */
  isEmpty(): Promise<boolean>
  /**
   * Whether there were keys before, of which none is left: their file was emptied or removed.
   * @throws AppError `store_unavailable` if there are keys, but none can be checked.
   */
  areLost(): Promise<boolean>
  close(): Promise<void>
}

/** How the account of a key is called in every store. */
export function accountOf(id: string): string {
  return `key:${id}`
}

/** @param now milliseconds since 1970. */
export function stateOf(key: ApiKey, now: number): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active'
}

export function keyIsRevoked(id: string): AppError {
  return invalidInput(`API key ${id} is revoked and cannot be rotated.`, 'Create a new key with mcp-1688 keys add.')
}

export function unknownKeyId(id: string): AppError {
  return new AppError({
    code: 'not_found',
    message: `No API key has the ID ${quoted(id)}.`,
    hint: 'List the IDs with mcp-1688 keys list.',
  })
}
