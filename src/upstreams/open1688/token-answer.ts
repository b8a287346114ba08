/** The answer of getToken, both to a code and to a refresh token. */
import { asInteger, asObject, upstreamChanged } from '../json-readers.ts'
import type { Tokens } from './token-store.ts'

/**
 * `expires_in` is a string of seconds.
 * @param previous the refresh token that stays valid if no new one arrives.
 */
export function parseTokens(body: unknown, now: number, previous: string | null): Tokens {
  const { access_token: accessToken, expires_in: seconds, refresh_token: issued } = asObject(body) ?? {}
  if (typeof accessToken !== 'string' || accessToken === '') throw upstreamChanged('access_token', 'a string')
  const refreshToken = typeof issued === 'string' && issued !== '' ? issued : previous
  if (refreshToken === null) throw upstreamChanged('refresh_token', 'a string')
  const lifetime = asInteger(seconds, 1)
  return { accessToken, refreshToken, expiresAt: lifetime === null ? null : now + lifetime * 1000 }
}
