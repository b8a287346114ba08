/** What an API key of ours is, and the port of the store that keeps them. */
import { AppError } from '../errors.ts'
import type { ParseTier } from '../limits/ledger/allowance.ts'

/** An API key as it is kept: never its text. */
export interface ApiKey {
  /** 8 hexadecimal digits; also inside the key's text, and all of it that a log may name. */
  id: string
  /** Whose it is, for people. */
  name: string
  /** Its calls a minute and credits a month: the seed's tiers. */
  tier: ParseTier
  /** Milliseconds since 1970. */
  createdAt: number
  /** Milliseconds since 1970; `null`: never. */
  expiresAt: number | null
  /** Milliseconds since 1970; `null`: it is in use. */
  revokedAt: number | null
}

/** A key whose text is told this once. */
export interface IssuedKey {
  key: ApiKey
  text: string
}

/** What a new key is made of. */
export interface NewKey {
  name: string
  tier: ParseTier
  expiresAt: number | null
}

/** The store of API keys. Rejects with AppError `store_unavailable` where it cannot be used, `not_found` for an id that no key has. */
export interface KeyStore {
  add(key: NewKey): Promise<IssuedKey>
  /** All keys, revoked ones too, the oldest first. */
  list(): Promise<ApiKey[]>
  /** Ends a key for good; one that has ended stays as it is. */
  revoke(id: string): Promise<ApiKey>
  /** Gives a key a new text; the old one ends at once, its limits and credits stay as they are. @throws AppError `invalid_input` for a revoked key. */
  rotate(id: string): Promise<IssuedKey>
  /** The key with this text, whatever its state; `null` where there is none. */
  find(text: string): Promise<ApiKey | null>
  /** Whether no key was ever made. */
  isEmpty(): Promise<boolean>
  close(): Promise<void>
}

/** How a key stands at `now` (milliseconds since 1970). */
export function stateOf(key: ApiKey, now: number): 'active' | 'expired' | 'revoked' {
  if (key.revokedAt !== null) return 'revoked'
  return key.expiresAt !== null && key.expiresAt <= now ? 'expired' : 'active'
}

/** The error for a new text of a revoked key. */
export function keyIsRevoked(): AppError {
  return new AppError({
    code: 'invalid_input',
    message: 'This key was revoked, so it gets no new text.',
    hint: 'Make another one with mcp-1688 keys add.',
  })
}

/** The error for an id that no key has. */
export function unknownKeyId(): AppError {
  return new AppError({
    code: 'not_found',
    message: 'There is no key with this id.',
    hint: 'mcp-1688 keys list shows the ids.',
  })
}
