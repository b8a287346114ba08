/** OAuth access tokens: JWTs of one issuer, meant for this server, checked against that issuer's published keys. */
import { createHash } from 'node:crypto'
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import * as z from 'zod'
import { AppError } from '../../errors.ts'
import type { ParseTier } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { withinTime } from '../../time/deadline.ts'

/** Signatures that are taken: never `none`, and no shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** Where issuers tell about themselves: RFC 8414, then OpenID Connect Discovery. */
const METADATA_PATHS = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

const claims = z.object({ sub: z.string().min(1), tier: z.enum(['free', 'hobby', 'developer']).catch('free') })

export interface TokenHolder {
  /** A hash of issuer and subject: fit for a log. */
  id: string
  /** The claim `tier`, else `free`. */
  tier: ParseTier
}

export interface TokenVerifier {
  /** `null` for a token that is not valid here. @throws AppError `upstream_unavailable` where the issuer's keys cannot be had. */
  verify(token: string): Promise<TokenHolder | null>
  /** The document of RFC 9728 that tells clients where to get a token, its path and its URL. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly metadataPath: string
  readonly metadataUrl: string
}

export interface TokenVerifierOptions {
  issuer: string
  /** The public URL of the MCP endpoint: the audience of its tokens. */
  audience: string
}

/** Makes a verifier. Asks the issuer at the first token. */
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

/** The token's own fault; anything else is the issuer's or the network's. */
function isBadToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false
  return (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC') || error instanceof z.ZodError
}

async function findKeys(issuer: string): Promise<URL> {
  const { origin, pathname } = new URL(issuer)
  const suffix = pathname.replace(/\/$/, '')
  for (const path of METADATA_PATHS) {
    for (const address of new Set([`${origin}${path}${suffix}`, `${issuer}${path}`])) {
      const told = await withinTime(CALL_BUDGET.issuer.wireMs, undefined, async signal => {
        const response = await fetch(address, { signal, redirect: 'error' })
        return response.ok ? response.json().catch(() => null) : null
      })
      const metadata = z.object({ jwks_uri: z.url() }).safeParse(told)
      if (metadata.success) return new URL(metadata.data.jwks_uri)
    }
  }
  throw new Error('the issuer tells no jwks_uri')
}

function issuerUnavailable(cause: unknown): AppError {
  return new AppError({
    code: 'upstream_unavailable',
    message: 'The issuer of OAuth tokens does not tell its keys.',
    hint: 'Try again later, or call with an API key.',
    retryable: true,
    cause,
  })
}
