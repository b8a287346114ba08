import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { errorText } from '../../../src/tools/reply.ts'
import { open1688 } from '../../../src/upstreams/open1688/upstream.ts'
import type { PictureMatcher, Upstream } from '../../../src/upstreams/port.ts'
import type { OrderedAnswer } from '../../support/listings.ts'
import {
  createFailureTexts,
  errorOf,
  FOREIGN,
  failureText,
  JPEG,
  LISTINGS,
  openOpen1688,
  pictureOf,
  SIGNAL,
} from '../../support/live-upstreams.ts'

const DETAIL = 'product.search.queryProductDetail'
const SIMILAR = 'alibaba.cross.similar.offer.search'
const { keep, keepText, all } = createFailureTexts(open1688.retries)

const gw = (code: string, status = 400): OrderedAnswer => ({
  status,
  body: { error_code: code, error_message: FOREIGN },
})
const business = (verdict: Record<string, unknown>): OrderedAnswer => ({ status: 200, body: { result: verdict } })
const details = (upstream: Upstream) => upstream.fetchDetails('610000000001', SIGNAL)

/** Matches by public URL (linkplus). */
async function similar(pictures: PictureMatcher, url: string): Promise<unknown> {
  const { value: handle } = await pictures.register(pictureOf(JPEG.bytes, url), SIGNAL)
  return pictures.fetchMatches(handle, { page: 1, pageSize: 20 }, SIGNAL)
}

describe('open1688: what the stand-in itself refuses', () => {
  it('an unknown application (gw.AppKeyMissing)', async () => {
    const { upstream } = await openOpen1688({}, { appKey: '1111111' })
    await keep('gw.AppKeyMissing', details(upstream))
  })

  it('a wrong secret (gw.SignatureInvalid)', async () => {
    const { upstream } = await openOpen1688({}, { appSecret: 'another' })
    await keep('gw.SignatureInvalid', details(upstream))
  })

  it('an API that is not granted (gw.APIACLDecline)', async () => {
    const { upstream, pictures } = await openOpen1688({ grants: [] })
    await keep('gw.APIACLDecline, details', details(upstream))
    await keep('gw.APIACLDecline, picture', pictures.register(JPEG, SIGNAL))
  })

  it('too many calls (gw.QosAppFrequencyLimit), with delays that double up to 80 s', async () => {
    const stoppedAt = Date.now()
    const { upstream } = await openOpen1688({ callsPerSecond: 1, now: () => stoppedAt })
    await details(upstream)
    const waits: (number | undefined)[] = []
    for (let refused = 0; refused < 5; refused++) {
      const error = await errorOf(details(upstream))
      if (refused === 0) keepText('gw.QosAppFrequencyLimit', failureText(error, open1688.retries))
      waits.push(error.retryAfterMs)
      expect(error.report).toMatchObject({ status: 429, retryAfterMs: error.retryAfterMs })
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 80_000])
  })

  it('an expired token (401), which is retried only if it can be renewed', async () => {
    const { upstream, gateway } = await openOpen1688()
    gateway.accessTokens.clear()
    await keep('401, can be renewed', details(upstream))
    const last = await openOpen1688({}, { refreshToken: null })
    last.gateway.accessTokens.clear()
    await keep('401, cannot be renewed', details(last.upstream))
  })

  it('an offer that does not exist (SP0056) or was taken down', async () => {
    const { upstream } = await openOpen1688()
    const gone = String(LISTINGS.at(-1)?.id)
    await keep('SP0056', upstream.fetchDetails('7999999999', SIGNAL))
    await keep('已下架', upstream.fetchDetails(gone, SIGNAL))
  })

  it('a picture that cannot be fetched (SYSTEM_ERROR), which is not "no matches"', async () => {
    const { pictures } = await openOpen1688({ grants: [SIMILAR] })
    const dead = similar(pictures, 'https://dead.example/cup.jpg')
    await keep('SYSTEM_ERROR handle image error', dead)
  })
})

describe('open1688: other documented failures', () => {
  it.each<[string, OrderedAnswer]>([
    ['gw.APIUnsupported', gw('gw.APIUnsupported')],
    ['gw.ParamMissing', gw('gw.ParamMissing')],
    ['gw.SignatureMissing', gw('gw.SignatureMissing')],
    ['gw.QosAppFrequencyLimit with HTTP 200', gw('gw.QosAppFrequencyLimit', 200)],
    ['gw.QosApiFrequencyLimit', gw('gw.QosApiFrequencyLimit', 200)],
    ['gw.QosAPIFrequencyLimit', gw('gw.QosAPIFrequencyLimit')],
    ['gw.QosRequestLimit', gw('gw.QosRequestLimit')],
    ['gw.AppKeyNotFound', gw('gw.AppKeyNotFound')],
    ['gw.NoUsageLeftError', gw('gw.NoUsageLeftError')],
    ['gw.SignatureExpired, an unlisted code about the key', gw('gw.SignatureExpired')],
    ['gw.AppACLDecline, an unlisted code about a grant', gw('gw.AppACLDecline')],
    ['gw.TokenExpired, an unlisted code about the token', gw('gw.TokenExpired')],
    ['an unlisted code of the gateway', gw('gw.SomethingNew')],
    ['an unlisted code with HTTP 200', gw('gw.SomethingNew', 200)],
    ['a code that is a text', gw(`${FOREIGN} 12345678`)],
    ['a numeric code', gw('503', 400)],
    ['error without a code', { status: 200, body: { error: `Request need user authorized ${FOREIGN}` } }],
    ['a code of the gateway inside the result', business({ success: false, code: 'gw.QosAppFrequencyLimit' })],
    ['a success without an offer', business({ success: true, code: '200', result: null })],
    ['没有该商品的查询权限', business({ success: false, message: '没有该商品的查询权限' })],
    ['SYSTEM_ERROR', business({ success: 'false', code: 'SYSTEM_ERROR', message: FOREIGN })],
    ['an unknown error', business({ success: false, code: 'SP9999', message: FOREIGN })],
    ['HTTP 500 with HTML', { status: 500, body: `<html>${FOREIGN}</html>` }],
    ['HTTP 502', { status: 502, body: FOREIGN }],
    ['HTTP 503', { status: 503, body: FOREIGN }],
    ['HTTP 404', { status: 404, body: FOREIGN }],
    ['HTTP 200 with HTML', { status: 200, body: `<html>${FOREIGN}</html>` }],
    ['another shape', { status: 200, body: { result: { success: true, result: [FOREIGN] } } }],
    ['another offer', business({ success: true, result: { subject: FOREIGN, offerId: 610000000002 } })],
    ['no answer in time', 'hang'],
    ['a reset', 'reset'],
  ])('%s', async (name, answer) => {
    const { upstream, gateway } = await openOpen1688({}, { timeoutMs: 300 })
    gateway.answerNext(DETAIL, answer)
    await keep(name, details(upstream))
    expect(gateway.calls).toHaveLength(1)
  })

  it('a success with the imageId "0"', async () => {
    const { pictures, gateway } = await openOpen1688()
    gateway.answerNext(
      'product.image.upload',
      business({ success: true, code: '200', message: 'success', result: '0' }),
    )
    await keep('imageId "0"', pictures.register(JPEG, SIGNAL))
  })

  it('an unreachable gateway', async () => {
    const { upstream } = await openOpen1688({}, { baseUrl: 'http://127.0.0.1:1/openapi' })
    await keep('no connection', details(upstream))
  })
})

describe('open1688: tokens that cannot be renewed', () => {
  it.each<[string, OrderedAnswer]>([
    ['a used-up refresh token', { status: 400, body: { error: 'invalid_grant', error_description: FOREIGN } }],
    ['the same with HTTP 200', { status: 200, body: { error: 'invalid_grant', error_description: FOREIGN } }],
    ['renewing, gw.AppKeyMissing', gw('gw.AppKeyMissing')],
    ['renewing, gw.QosAppFrequencyLimit', gw('gw.QosAppFrequencyLimit')],
    ['renewing, HTTP 500', { status: 500, body: FOREIGN }],
    ['renewing, another shape', { status: 200, body: { access_token: 7, text: FOREIGN } }],
  ])('%s', async (name, answer) => {
    const { upstream, gateway } = await openOpen1688({}, { accessToken: null })
    gateway.answerNext('getToken', answer)
    await keep(name, details(upstream))
    // A failure leaves the stored tokens unchanged.
    expect((await details(upstream)).value.offerId).toBe('610000000001')
  })
})

describe('open1688: missing settings', () => {
  it.each([
    ['no app key', { appKey: null }],
    ['no secret', { appSecret: null }],
    ['no token', { accessToken: null, refreshToken: null }],
  ])('%s', async (name, options) => {
    const { upstream, gateway } = await openOpen1688({}, options)
    const error: unknown = await details(upstream).catch(thrown => thrown)
    if (!(error instanceof AppError)) throw error
    keepText(name, errorText(error))
    expect(error.code).toBe('key_missing')
    expect(gateway.calls).toEqual([])
  })
})

it('words each failure for agents as in the snapshot', async () => {
  await expect(all()).toMatchFileSnapshot('failures.snap.txt')
})
