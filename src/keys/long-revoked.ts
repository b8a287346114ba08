/** Revoked keys whose accounts are deleted. */
import { type ApiKey, accountOf } from './api-key.ts'

/** A key may have been revoked by mistake. */
const KEPT_DAYS = 30

const DAY_MS = 86_400_000

/** @param now milliseconds since 1970. @returns the owners of what is to be deleted. */
export function longRevoked(keys: readonly ApiKey[], now: number): string[] {
  return keys
    .filter(({ revokedAt }) => revokedAt !== null && now - revokedAt >= KEPT_DAYS * DAY_MS)
    .map(({ id }) => accountOf(id))
}
