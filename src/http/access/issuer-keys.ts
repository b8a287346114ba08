/** The signing keys that an OAuth issuer publishes: fetched when a token needs them, and no more often than that. */
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import { retryable } from '../../store/retryable.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'

/** RFC 8414, then OpenID Connect Discovery. */
const METADATA_PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

/** An unknown key ID may be a new key: at most this often, the keys are fetched again. */
const UNKNOWN_KEY_FETCH_MS = 60_000

/** After a failure, nothing is fetched for this time, doubled with each further failure. */
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 60_000

/** @param now milliseconds of a monotonic clock. */
export function createIssuerKeys(issuer: string, now: () => number): JWTVerifyGetKey {
  const keySet = retryable(async () => {
    const options = { timeoutDuration: CALL_BUDGET.issuer.wireMs, cooldownDuration: UNKNOWN_KEY_FETCH_MS }
    return createRemoteJWKSet(await findKeys(issuer), options)
  })
  let failures = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let failure: unknown = null

  /** While the issuer does not answer, its last keys count. */
  const lastKey = async (...args: Parameters<JWTVerifyGetKey>) => {
    const keys = (await keySet.opened())?.jwks()
    if (keys === undefined) throw failure
    return createLocalJWKSet(keys)(...args)
  }
  return async (...args) => {
    if (now() < pausedUntil) return lastKey(...args)
    try {
      const key = await (await keySet.get())(...args)
      failures = 0
      return key
    } catch (error) {
      if (isAboutToken(error)) throw error
      // Calls that waited for the same fetch fail together.
      if (now() >= pausedUntil) {
        pausedUntil = now() + Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures)
        failures += 1
      }
      failure = error
      return lastKey(...args)
    }
  }
}

/** Any other error is a failure of the issuer or the network. */
export function isAboutToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false
  return error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC'
}

async function findKeys(issuer: string): Promise<URL> {
  const { origin, pathname } = new URL(issuer)
  const suffix = pathname.replace(/\/$/, '')
  for (const path of METADATA_PATHS) {
    for (const address of new Set([`${origin}${path}${suffix}`, `${issuer}${path}`])) {
      const document = await withinTime(CALL_BUDGET.issuer.wireMs, undefined, async signal => {
        const response = await fetch(address, { signal, redirect: 'error' })
        return response.ok ? response.json().catch(() => null) : null
      })
      const metadata = z.object({ issuer: z.string(), jwks_uri: z.url() }).safeParse(document)
      // A document about another issuer must not name the keys of this one (RFC 8414, section 3.3).
      if (metadata.data?.issuer.replace(/\/$/, '') === issuer) return new URL(metadata.data.jwks_uri)
    }
  }
  throw new Error('the issuer publishes no jwks_uri under its own name')
}
