import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createOpen1688, type Open1688Options, open1688 } from '../../../src/upstreams/open1688/upstream.ts'
import type { Upstream } from '../../../src/upstreams/port.ts'
import { errorOf, openOpen1688, SIGNAL, shiftedClock, temporaryFolder } from '../../support/live-upstreams.ts'
import type { Gateway } from '../../support/open1688-gateway.ts'
import { retried } from '../../support/retried.ts'

const CHILD = path.join(import.meta.dirname, '../../support/open1688-child.ts')
const HOUR_MS = 3_600_000
const details = (upstream: Upstream) =>
  retried(open1688.retries, () => upstream.fetchDetails('610000000001', SIGNAL)).then(({ value }) => value.offerId)

describe('open1688: the access token', () => {
  it('is renewed once after a 401, and the new one is used from then on', async () => {
    const { gateway, upstream } = await openOpen1688()
    gateway.accessTokens.clear()
    expect(await details(upstream)).toBe('610000000001')
    expect(await details(upstream)).toBe('610000000001')
    expect(gateway.count('getToken')).toBe(1)
    expect(gateway.calls.map(({ fields }) => fields.access_token)).toEqual([
      'access-canary-1',
      undefined,
      'access-canary-2',
      'access-canary-2',
    ])
  })

  it('is renewed once after an error without a code', async () => {
    const { gateway, upstream } = await openOpen1688()
    const refused = { status: 200, body: { error: 'Request need user authorized' } }
    gateway.answerNext('product.search.queryProductDetail', refused)
    expect(await details(upstream)).toBe('610000000001')
    expect(gateway.count('getToken')).toBe(1)
  })

  it('is not renewed again after a second 401 in a row', async () => {
    const { gateway, upstream } = await openOpen1688()
    const refused = { status: 401, body: { error_code: '401', error_message: 'Request need user authorized' } }
    gateway.answerNext('product.search.queryProductDetail', refused, refused)
    expect(await errorOf(details(upstream))).toMatchObject({ code: 'key_rejected' })
    expect(gateway.count('getToken')).toBe(1)
  })

  it('is renewed five minutes before it expires', async () => {
    const clock = shiftedClock()
    const { gateway, upstream } = await openOpen1688({}, { clock, accessToken: null })
    await details(upstream)
    expect(gateway.count('getToken')).toBe(1)
    clock.shiftMs = 10 * HOUR_MS - 6 * 60_000
    await details(upstream)
    expect(gateway.count('getToken')).toBe(1)
    clock.shiftMs += 2 * 60_000
    await details(upstream)
    expect(gateway.count('getToken')).toBe(2)
    expect(gateway.count('product.search.queryProductDetail')).toBe(3)
  })

  it('is refused after its 10 hours', async () => {
    const clock = shiftedClock()
    const { upstream } = await openOpen1688({}, { clock, refreshToken: null })
    clock.shiftMs = 10 * HOUR_MS - 1000
    expect(await details(upstream)).toBe('610000000001')
    clock.shiftMs += 2000
    expect(await errorOf(details(upstream))).toMatchObject({ code: 'key_rejected', report: { status: 401 } })
  })

  it('is stored with the new refresh token, readable by its owner only, for the next start', async () => {
    const { gateway, upstream, tokenFile } = await openOpen1688({}, { accessToken: null })
    await details(upstream)
    const files = (await readdir(path.dirname(tokenFile))).filter(name => name.startsWith(path.basename(tokenFile)))
    expect(files).toContain('tokens.db')
    for (const name of files) {
      const { mode } = await stat(path.join(path.dirname(tokenFile), name))
      expect(mode & 0o777, name).toBe(0o600)
    }
    await upstream.close()
    gateway.accessTokens.clear()
    // The refresh token of the settings was used up by the first start.
    const again = open(gateway, { accessToken: null, refreshToken: 'refresh-canary-1', tokenFile })
    expect(await details(again)).toBe('610000000001')
    expect(gateway.calls.at(-2)?.fields.refresh_token).toBe('refresh-canary-2')
  })

  it('is renewed with the old refresh token if no new one arrives', async () => {
    const { gateway, upstream } = await openOpen1688({}, { accessToken: null })
    gateway.accessTokens.set('access-canary-x', Date.now() + HOUR_MS)
    gateway.answerNext('getToken', { status: 200, body: { access_token: 'access-canary-x', expires_in: 36000 } })
    await details(upstream)
    gateway.accessTokens.clear()
    expect(await details(upstream)).toBe('610000000001')
    expect(gateway.calls.filter(({ api }) => api === 'getToken').map(({ fields }) => fields.refresh_token)).toEqual([
      'refresh-canary-1',
      'refresh-canary-1',
    ])
  })

  it('is taken from new settings, whatever is stored', async () => {
    const { gateway, upstream, tokenFile } = await openOpen1688({}, { accessToken: null })
    await details(upstream)
    const { refreshToken } = gateway.authorise()
    const again = open(gateway, { accessToken: null, refreshToken, tokenFile })
    await details(again)
    expect(gateway.calls.at(-2)?.fields.refresh_token).toBe(refreshToken)
  })

  it('is renewed once for all callers, even if one of them is aborted', async () => {
    const { gateway, upstream } = await openOpen1688({}, { accessToken: null })
    const release = gateway.hold('getToken')
    const leaving = new AbortController()
    const left = errorOf(upstream.fetchDetails('610000000001', leaving.signal)).catch(error => error)
    const staying = Array.from({ length: 10 }, () => details(upstream))
    await gateway.seen('getToken', 1)
    leaving.abort()
    await left
    release()
    expect(new Set(await Promise.all(staying))).toEqual(new Set(['610000000001']))
    expect(gateway.count('getToken')).toBe(1)
  })

  it('has no file and no renewal without a refresh token', async () => {
    const { gateway, upstream, tokenFile } = await openOpen1688({}, { refreshToken: null })
    await details(upstream)
    gateway.accessTokens.clear()
    expect(await errorOf(details(upstream))).toMatchObject({ code: 'key_rejected' })
    expect(gateway.count('getToken')).toBe(0)
    expect(await readdir(path.dirname(tokenFile))).toEqual([])
  })
})

describe('open1688: tokens of two real processes', () => {
  it('never renew at the same time: each new token is requested once, and both get it', async () => {
    const { gateway, settings } = await authorised()
    const children = [startChild(settings), startChild(settings)]
    for (let round = 1; round <= 3; round++) {
      const release = gateway.hold('getToken')
      const answers = children.map(child => child.call(20))
      await gateway.seen('getToken', round)
      release()
      const offers = (await Promise.all(answers)).flat()
      expect(offers).toEqual(offers.map(() => '610000000001'))
      expect(gateway.count('getToken')).toBe(round)
      gateway.accessTokens.clear()
    }
  })

  it('block nobody when one is killed while it renews', async () => {
    const { gateway, settings } = await authorised()
    gateway.answerNext('getToken', 'hang')
    const killed = startChild(settings)
    void killed.call(1)
    await gateway.seen('getToken', 1)
    const other = startChild(settings)
    const answer = other.call(1)
    await killed.kill()
    expect(await answer).toEqual(['610000000001'])
  })
})

function open(gateway: Gateway, options: Partial<Open1688Options> & Pick<Open1688Options, 'tokenFile'>): Upstream {
  const { appKey, appSecret, url: baseUrl } = gateway
  const upstream = createOpen1688({ appKey, appSecret, baseUrl, clock: shiftedClock(), ...options })
  onTestFinished(() => upstream.close())
  return upstream
}

/** With settings for starting several processes. */
async function authorised(): Promise<{ gateway: Gateway; settings: Record<string, unknown> }> {
  const { gateway } = await openOpen1688()
  const { appKey, appSecret, url: baseUrl } = gateway
  const tokenFile = path.join(await temporaryFolder(), 'tokens.db')
  const { refreshToken } = gateway.authorise()
  return { gateway, settings: { appKey, appSecret, baseUrl, tokenFile, refreshToken } }
}

function startChild(settings: Record<string, unknown>) {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify(settings)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  onTestFinished(kill)
  return {
    kill,
    call: async (count: number): Promise<string[]> => {
      child.stdin.write(`${count}\n`)
      const { value } = await lines.next()
      return value === undefined ? [] : JSON.parse(value)
    },
  }
}
