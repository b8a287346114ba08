/** The SDK's own OAuth client signs in at an issuer that registers clients by itself, as docs/serve.md describes. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { Client, type OAuthClientProvider, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Loopback, listenOnLoopback } from '../../support/loopback.ts'
import { startService, type TestService } from '../service.ts'

const REDIRECT = 'http://127.0.0.1:9/callback'

let issuer: Loopback
let tested: TestService
const seen: string[] = []
/** The PKCE challenge and resource of each code. */
const codes = new Map<string, { challenge: string; resource: string }>()

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }]
  const tokenFor = (resource: string) =>
    new SignJWT({ sub: 'ana', iss: issuer.origin, aud: resource, exp: Math.floor(Date.now() / 1000) + 60 })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(pair.privateKey)
  const metadata = () => ({
    issuer: issuer.origin,
    authorization_endpoint: `${issuer.origin}/authorize`,
    token_endpoint: `${issuer.origin}/token`,
    registration_endpoint: `${issuer.origin}/register`,
    jwks_uri: `${issuer.origin}/keys`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['none'],
  })
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: unknown }> => {
    const { pathname } = new URL(request.url ?? '/', issuer.origin)
    const text = await bodyOf(request)
    seen.push(pathname)
    if (pathname === '/.well-known/oauth-authorization-server') return { status: 200, body: metadata() }
    if (pathname === '/keys') return { status: 200, body: { keys } }
    if (pathname === '/register') return { status: 201, body: { ...JSON.parse(text), client_id: 'registered-itself' } }
    if (pathname !== '/token') return { status: 404, body: {} }
    const form = new URLSearchParams(text)
    const code = codes.get(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (code?.challenge !== challenge) return { status: 400, body: { error: 'invalid_grant' } }
    return { status: 200, body: { access_token: await tokenFor(code.resource), token_type: 'Bearer', expires_in: 60 } }
  }
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  issuer = await listenOnLoopback(server)
  const port = await freePort()
  const publicUrl = `http://127.0.0.1:${port}`
  tested = await startService({ config: { port, publicUrl, oauthIssuer: issuer.origin } })
})
afterAll(async () => {
  await tested?.close()
  await issuer?.close()
})

it('a client that knows only the address registers itself, signs in and lists the tools', async () => {
  let opened: URL | undefined
  const kept: {
    client?: { client_id: string }
    tokens?: { access_token: string; token_type: string }
    verifier?: string
  } = {}
  const provider: OAuthClientProvider = {
    redirectUrl: REDIRECT,
    clientMetadata: { redirect_uris: [REDIRECT], client_name: 'a host', token_endpoint_auth_method: 'none' },
    clientInformation: () => kept.client,
    saveClientInformation: client => {
      kept.client = client
    },
    tokens: () => kept.tokens,
    saveTokens: tokens => {
      kept.tokens = tokens
    },
    redirectToAuthorization: url => {
      opened = url
    },
    saveCodeVerifier: verifier => {
      kept.verifier = verifier
    },
    codeVerifier: () => kept.verifier ?? '',
  }
  const transport = () => new StreamableHTTPClientTransport(new URL(`${tested.url}/mcp`), { authProvider: provider })
  const first = transport()
  await expect(new Client({ name: 'a host', version: '1' }).connect(first)).rejects.toThrow()

  // The person agrees in a browser.
  const asked = opened?.searchParams
  expect(asked?.get('client_id')).toBe('registered-itself')
  expect(asked?.get('resource')).toBe(`${tested.url}/mcp`)
  const code = randomBytes(8).toString('hex')
  codes.set(code, { challenge: asked?.get('code_challenge') ?? '', resource: asked?.get('resource') ?? '' })
  await first.finishAuth(code)

  const client = new Client({ name: 'a host', version: '1' })
  await client.connect(transport())
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toContain('search_by_image')
  await client.close()
  expect(seen).toEqual(expect.arrayContaining(['/register', '/token', '/keys']))
})

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Nothing listens there any more. */
async function freePort(): Promise<number> {
  const probe = await listenOnLoopback(createServer())
  await probe.close()
  return Number(new URL(probe.origin).port)
}
