/** Verifies OAuth access tokens: JWTs issued for this server, signed with a published key of the issuer. */
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { ParseTier } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'

/** Neither `none` nor algorithms with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** RFC 8414, then OpenID Connect Discovery. */
const METADATA_PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

const claims = z.object({ sub: z.string().min(1), tier: z.enum(['free', 'hobby', 'developer']).catch('free') })

export interface TokenHolder {
  /** A hash of issuer and subject, so that it may be logged. */
  id: string
  tier: ParseTier
}

export interface TokenVerifier {
  /** `null` for an invalid token. @throws AppError `upstream_unavailable` if the issuer's keys cannot be fetched. */
  verify(token: string): Promise<TokenHolder | null>
  /** The document of RFC 9728, in which clients find where to get a token. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly metadataPath: string
  readonly metadataUrl: string
}

export interface TokenVerifierOptions {
  issuer: string
  /** The public URL of the MCP endpoint. */
  audience: string
}

/** Contacts the issuer at the first token. */
export function createTokenVerifier({ issuer, audience }: TokenVerifierOptions): TokenVerifier {
  const resource = new URL(audience)
  const metadataPath = `/.well-known/oauth-protected-resource${resource.pathname.replace(/\/$/, '')}`
  let keySet: JWTVerifyGetKey | null = null

  return {
    verify: async token => {
      try {
        keySet ??= createRemoteJWKSet(await findKeys(issuer), { timeoutDuration: CALL_BUDGET.issuer.wireMs })
        const options = {
          issuer: [issuer, `${issuer}/`],
          audience,
          algorithms: ALGORITHMS,
          requiredClaims: ['exp', 'sub'],
        }
        const { payload } = await jwtVerify(token, keySet, options)
        const { sub, tier } = claims.parse(payload)
        return { id: createHash('sha256').update(`${issuer}\n${sub}`).digest('hex').slice(0, 16), tier }
      } catch (error) {
        if (isBadToken(error)) return null
        throw issuerUnavailable(error)
      }
    },
    metadata: {
      resource: audience,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      resource_name: 'mcp-1688',
    },
    metadataPath,
    metadataUrl: `${resource.origin}${metadataPath}`,
  }
}

/** Any other error is a failure of the issuer or the network. */
function isBadToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false
  return (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') || error instanceof z.ZodError
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
      const metadata = z.object({ jwks_uri: z.url() }).safeParse(document)
      if (metadata.success) return new URL(metadata.data.jwks_uri)
    }
  }
  throw new Error('the issuer publishes no jwks_uri')
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
