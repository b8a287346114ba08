import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../src/time/clock.ts'
import { createUpstreamHttp } from '../../../src/upstreams/http.ts'
import { consentUrl, redeemCode } from '../../../src/upstreams/open1688/authorization.ts'
import { makeListings } from '../../support/listings.ts'
import { errorOf, SIGNAL } from '../../support/live-upstreams.ts'
import { startOpen1688Platform } from '../../support/open1688-consent.ts'

const REDIRECT = 'https://app.example.com/cb'

describe('open1688: redeeming a code', () => {
  it('returns both tokens and when the access token expires', async () => {
    const { redeem, visit } = await start()
    const before = Date.now()
    const { expiresAt, ...tokens } = await redeem(await visit())
    expect(tokens).toEqual({ accessToken: 'access-canary-1', refreshToken: 'refresh-canary-1' })
    expect((expiresAt ?? 0) - before).toBeGreaterThanOrEqual(35_999_000)
  })

  it('works once for each code', async () => {
    const { redeem, visit } = await start()
    const code = await visit()
    await redeem(code)
    expect(await errorOf(redeem(code))).toMatchObject({ code: 'invalid_input', message: expect.stringMatching(/code/) })
  })

  it.each<[string, number, unknown, string, RegExp]>([
    ['an unknown app key', 400, { error_code: 'gw.AppKeyNotFound' }, 'key_rejected', /app key or the app secret/],
    [
      'a wrong secret in words',
      400,
      { error: 'invalid_request', error_description: 'client_secret is invalid' },
      'key_rejected',
      /app secret/,
    ],
    ['the same with HTTP 200', 200, { error: 'invalid_client' }, 'key_rejected', /app secret/],
    [
      'another redirect',
      400,
      { error: 'invalid_request', error_description: 'redirect_uri mismatch' },
      'invalid_input',
      /redirect address/,
    ],
    [
      'a grant that names the client',
      400,
      { error: 'invalid_grant', error_description: 'of another client' },
      'invalid_input',
      /rejected the code/,
    ],
    ['an unknown error', 400, { error: 'invalid_request' }, 'invalid_input', /rejected the code/],
    ['the rate limit', 400, { error_code: 'gw.QosAppFrequencyLimit' }, 'rate_limited', /rate limit/],
    ['an outage', 503, 'busy', 'upstream_unavailable', /internal error/],
    [
      'no refresh token',
      200,
      { access_token: 'access-canary', expires_in: '35999' },
      'upstream_changed',
      /refresh_token/,
    ],
  ])('explains %s and repeats nothing of it', async (_case, status, body, code, message) => {
    const { platform, redeem } = await start()
    platform.gateway.answerNext('getToken', { status, body })
    const error = await errorOf(redeem('a-code'))
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
    expect(`${error.message} ${error.hint}`).not.toMatch(/canary|client_secret|invalid_/)
  })
})

async function start() {
  const platform = await startOpen1688Platform({ listings: makeListings(1) })
  const http = createUpstreamHttp({ timeoutMs: 2_000, clock: systemClock })
  onTestFinished(async () => {
    await http.close()
    await platform.close()
  })
  const { appKey, appSecret, url: baseUrl } = platform.gateway
  const application = { http, baseUrl, appKey, appSecret, redirectUri: REDIRECT, clock: systemClock }
  return {
    platform,
    redeem: (code: string) => redeemCode({ ...application, code }, SIGNAL),
    visit: async () => {
      const url = consentUrl({ authBaseUrl: platform.authUrl, appKey, redirectUri: REDIRECT, state: 's' })
      return new URL(await platform.visit(url)).searchParams.get('code') ?? ''
    },
  }
}
