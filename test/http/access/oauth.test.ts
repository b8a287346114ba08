import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loopback, listenOnLoopback } from '../../support/loopback.ts'
import { addKey, startService, type TestService, toolCall } from '../service.ts'

const AUDIENCE = 'https://mcp.example.com/mcp'

type Pair = Awaited<ReturnType<typeof generateKeyPair>>

describe('OAuth', () => {
  const asked: string[] = []
  let issuer: Loopback
  let issuerUrl: string
  let pair: Pair
  let tested: TestService
  beforeAll(async () => {
    pair = await generateKeyPair('ES256', { extractable: true })
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }]
    const server = createServer(({ url }, response) => {
      asked.push(url ?? '')
      const found: Record<string, unknown> = {
        '/.well-known/openid-configuration': { issuer: issuerUrl, jwks_uri: `${issuerUrl}/keys` },
        '/keys': { keys },
      }
      const body = found[url ?? '']
      // Some issuers answer every other path with a web page.
      response.writeHead(200).end(body ? JSON.stringify(body) : '<!doctype html>')
    })
    issuer = await listenOnLoopback(server)
    issuerUrl = issuer.origin
    tested = await startService({ config: { oauthIssuer: issuerUrl, oauthAudience: AUDIENCE } })
  })
  afterAll(async () => {
    await tested?.close()
    await issuer?.close()
  })

  const token = (claims: Record<string, unknown> = {}, signer: Pair = pair): Promise<string> =>
    new SignJWT({ sub: 'ana', iss: issuerUrl, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 60, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(signer.privateKey)
  const call = (bearer?: string) => {
    const { headers, ...rest } = toolCall('get_product_details', { offer_id: '7000000001' })
    return fetch(`${tested.url}/mcp`, {
      ...rest,
      headers: { ...headers, ...(bearer && { authorization: `Bearer ${bearer}` }) },
    })
  }

  it('a client without a token learns where to get one', async () => {
    const refused = await call()
    expect(refused.status).toBe(401)
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1]
    expect(metadataUrl).toBe('https://mcp.example.com/.well-known/oauth-protected-resource/mcp')
    for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
      expect(await (await fetch(`${tested.url}${path}`)).json()).toEqual({
        resource: AUDIENCE,
        authorization_servers: [issuerUrl],
        bearer_methods_supported: ['header'],
        resource_name: 'mcp-1688',
      })
    }
  })

  it('a token is served under the tier in its claims, else under the free tier', async () => {
    expect((await call(await token({ tier: 'developer' }))).status).toBe(200)
    const rest = await fetch(`${tested.url}/get_product_details?offer_id=7000000001`, {
      headers: { authorization: `Bearer ${await token({ sub: 'ben', tier: 'emperor' })}` },
    })
    expect(rest.headers.get('ratelimit-policy')).toContain('"minute";q=5;w=60')
    expect(tested.log.join('')).not.toMatch(/"caller":"(ana|ben)"/)
  })

  it('metadata and challenge are written from the public address, never from Host', async () => {
    const config = { oauthIssuer: issuerUrl, publicUrl: 'https://shop.example.com' }
    const service = await startService({ config })
    const refused = await fetch(`${service.url}/mcp`, { ...toolCall('get_usage', {}) })
    expect(refused.headers.get('www-authenticate')).toContain(
      'resource_metadata="https://shop.example.com/.well-known/oauth-protected-resource/mcp"',
    )
    const metadata = await fetch(`${service.url}/.well-known/oauth-protected-resource/mcp`, {
      headers: { 'x-forwarded-host': 'evil.example' },
    })
    expect(await metadata.json()).toMatchObject({ resource: 'https://shop.example.com/mcp' })
    await service.close()
  })

  it('API keys still work', async () => {
    expect((await call((await addKey(tested.dir)).text)).status).toBe(200)
  })

  it('a token for another audience, from another issuer, expired, unsigned or malformed is refused', async () => {
    const past = Math.floor(Date.now() / 1000) - 90
    const claims = { sub: 'ana', iss: issuerUrl, aud: AUDIENCE, exp: past + 150 }
    const bad = {
      'another audience': await token({ aud: 'https://other.example.com/mcp' }),
      'another issuer': await token({ iss: 'https://evil.example' }),
      expired: await token({ exp: past }),
      'without an end': await token({ exp: undefined }),
      'without a subject': await token({ sub: undefined }),
      'another signer': await token({}, await generateKeyPair('ES256')),
      unsigned: new UnsecuredJWT(claims).encode(),
      'signed with a guess': await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32)),
      nonsense: 'a.b.c',
    }
    for (const [what, text] of Object.entries(bad)) expect((await call(text)).status, what).toBe(401)
  })

  it('a token that ended half a minute ago is still served: clocks differ', async () => {
    expect((await call(await token({ exp: Math.floor(Date.now() / 1000) - 30 }))).status).toBe(200)
  })

  it('made-up tokens and unknown keys cost the issuer nothing, and the latter do not count as guesses', async () => {
    await call(await token())
    const before = asked.length
    const unknown = new SignJWT({ sub: 'ana', iss: issuerUrl, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 60 })
    const text = await unknown.setProtectedHeader({ alg: 'ES256', kid: 'two' }).sign(pair.privateKey)
    for (let n = 0; n < 30; n++) expect((await call(text)).status).toBe(401)
    expect((await call('a.b.c')).status).toBe(401)
    expect((await call(await token({ iss: 'https://evil.example' }))).status).toBe(401)
    expect(asked.length).toBe(before)
  })

  it('keys are not taken from a document about another issuer', async () => {
    const other = await startService({ config: { oauthIssuer: `${issuerUrl}/other`, oauthAudience: AUDIENCE } })
    const text = await token({ iss: `${issuerUrl}/other` })
    const answer = await fetch(`${other.url}/metrics`, { headers: { authorization: `Bearer ${text}` } })
    expect(answer.status).toBe(503)
    await other.close()
  })

  it('an issuer that fails is asked once by calls at the same time, and not again for a second', async () => {
    let requests = 0
    const failing = createServer((_request, response) => {
      requests += 1
      response.writeHead(500).end()
    })
    const ailing = await listenOnLoopback(failing)
    const service = await startService({ config: { oauthIssuer: ailing.origin, oauthAudience: AUDIENCE } })
    const text = await token({ iss: ailing.origin })
    const ask = () => fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${text}` } })
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await ask()).status))
    expect(new Set(statuses)).toEqual(new Set([503]))
    expect((await ask()).status).toBe(503)
    // One at each of the two places where its document may be.
    expect(requests).toBe(2)
    await service.close()
    await ailing.close()
  })

  it('an issuer that does not answer is a 503', async () => {
    const orphan = await startService({ config: { oauthIssuer: 'http://127.0.0.1:9', oauthAudience: AUDIENCE } })
    const answer = await fetch(`${orphan.url}/metrics`, {
      headers: { authorization: `Bearer ${await token({ iss: 'http://127.0.0.1:9' })}` },
    })
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ error: { status: 'upstream_unavailable' } })
    await orphan.close()
  })

  it('issuer and audience must be set together', async () => {
    await expect(startService({ config: { oauthIssuer: issuerUrl } })).rejects.toMatchObject({
      code: 'config_invalid',
      message: 'MCP1688_OAUTH_ISSUER is set without its counterpart.',
    })
  })
})
