/** Verifies OAuth access tokens: JWTs issued for this server, signed with a published key of the issuer. */
import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { ParseTier } from '../../limits/ledger/allowance.ts'
import { createIssuerKeys, isAboutToken } from './issuer-keys.ts'

/** Neither `none` nor algorithms with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the clocks of the issuer and this machine may differ, in seconds. */
const CLOCK_TOLERANCE_S = 60

const claims = z.object({ sub: z.string().min(1), tier: z.enum(['free', 'hobby', 'developer']).catch('free') })

export interface TokenHolder {
  /** A hash of issuer and subject, so that it may be logged. */
  id: string
  tier: ParseTier
}

export interface TokenVerifier {
  /**
   * `null` for an invalid token; `unknown_key` for one whose key the issuer does not publish (yet), which is not a
   * guess.
   * @throws AppError `upstream_unavailable` if the issuer's keys cannot be fetched.
   */
  verify(token: string): Promise<TokenHolder | 'unknown_key' | null>
  /** The document of RFC 9728, in which clients find where to get a token. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly metadataPath: string
  readonly metadataUrl: string
}

export interface TokenVerifierOptions {
  issuer: string
  audience: string
  /** The public URL of the MCP endpoint, as clients reach it. */
  resourceUrl: string
}

/** Contacts the issuer at the first token. */
export function createTokenVerifier({ issuer, audience, resourceUrl }: TokenVerifierOptions): TokenVerifier {
  const resource = new URL(resourceUrl)
  const metadataPath = `/.well-known/oauth-protected-resource${resource.pathname.replace(/\/$/, '')}`
  const issuers = [issuer, `${issuer}/`]
  const keys = createIssuerKeys(issuer, () => performance.now())

  return {
    verify: async token => {
      if (!mayBeOurs(token, issuers, audience)) return null
      try {
        const options = {
          issuer: issuers,
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
          clockTolerance: CLOCK_TOLERANCE_S,
        }
        const { payload } = await jwtVerify(token, keys, options)
        const { sub, tier } = claims.parse(payload)
        return { id: createHash('sha256').update(`${issuer}\n${sub}`).digest('hex').slice(0, 16), tier }
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) return 'unknown_key'
        if (isAboutToken(error) || error instanceof z.ZodError) return null
        throw issuerUnavailable(error)
      }
    },
    metadata: {
      resource: resourceUrl,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      resource_name: 'mcp-1688',
    },
    metadataPath,
    metadataUrl: `${resource.origin}${metadataPath}`,
  }
}

/** What can be seen without a key, so that a token made up by anyone costs the issuer nothing. */
function mayBeOurs(token: string, issuers: readonly string[], audience: string): boolean {
  try {
    const { alg = '' } = decodeProtectedHeader(token)
    const { iss = '', aud = [], exp = 0, sub } = decodeJwt(token)
    const isFor = [aud].flat().includes(audience)
    const isCurrent = exp > Date.now() / 1000 - CLOCK_TOLERANCE_S
    return ALGORITHMS.includes(alg) && issuers.includes(iss) && isFor && isCurrent && sub !== undefined
  } catch {
    return false
  }
}

function issuerUnavailable(cause: unknown): AppError {
  return new AppError({
    code: 'upstream_unavailable',
    message: "Could not fetch the OAuth issuer's signing keys (JWKS).",
    hint: 'Try again later, or use an API key.',
    retryable: true,
    cause,
  })
}
