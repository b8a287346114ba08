import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../../src/errors.ts'
import { CallError } from '../../../src/limits/gate/call-report.ts'
import { systemClock } from '../../../src/time/clock.ts'
import { createParse } from '../../../src/upstreams/parse/upstream.ts'
import type { Upstream } from '../../../src/upstreams/port.ts'
import { describeUpstream } from '../../contract/upstream-suite.ts'
import { makeIndexRows } from '../../support/index-rows.ts'
import { type Fault, type ParseServer, startParseServer } from '../../support/parse-server.ts'

const ROWS = makeIndexRows(150, ['https://cbu01.alicdn.com/img/ibank/one.jpg'])
const SECRET_BODY = '<html>FOREIGN-BODY</html>'

describeUpstream('parse', async () => {
  const server = await startParseServer({ rows: ROWS })
  const upstream = createParse({ baseUrl: server.url, apiKey: server.key, clock: systemClock })
  const close = async () => {
    await upstream.close()
    await server.close()
  }
  return { upstream, unknownOfferId: '7999999999', close }
})

describe('parse: faults', () => {
  const signal = new AbortController().signal
  let server: ParseServer
  let upstream: Upstream

  beforeAll(async () => {
    server = await startParseServer({ rows: ROWS })
    upstream = createParse({ baseUrl: server.url, apiKey: server.key, clock: systemClock, timeoutMs: 300 })
  })
  afterAll(async () => {
    await upstream.close()
    await server.close()
  })
  beforeEach(() => {
    server.calls.length = 0
  })

  const status = (code: number, extra: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
    kind: 'status',
    status: code,
    body: { error: { message: SECRET_BODY, snippet: SECRET_BODY }, status_code: code },
    ...extra,
  })

  const ok = (body: unknown): Fault => ({ kind: 'raw', body: JSON.stringify(body) })

  it.each<[string, Fault, Record<string, unknown>, Record<string, unknown>]>([
    ['400', status(400), { code: 'upstream_rejected', retryable: false }, { kind: 'answered', status: 400 }],
    ['401', status(401), { code: 'key_rejected', retryable: false }, { kind: 'answered', status: 401 }],
    ['402', status(402), { code: 'credits_exhausted', retryable: false }, { kind: 'answered', status: 402 }],
    ['404', status(404), { code: 'upstream_rejected', retryable: false }, { kind: 'answered', status: 404 }],
    ['422', status(422), { code: 'not_found', retryable: false }, { kind: 'answered', status: 422 }],
    [
      '429 with a header',
      status(429, { headers: { 'retry-after': '7' } }),
      { code: 'rate_limited', retryable: true, retryAfterMs: 7_000 },
      { kind: 'answered', status: 429, retryAfterMs: 7_000 },
    ],
    [
      '429 with a body field',
      status(429, { body: { error: { retry_after: 12 } } }),
      { code: 'rate_limited', retryable: true, retryAfterMs: 12_000 },
      { kind: 'answered', status: 429, retryAfterMs: 12_000 },
    ],
    [
      '429 without a time',
      status(429),
      { code: 'rate_limited', retryable: true, retryAfterMs: 60_000 },
      { kind: 'answered', status: 429, retryAfterMs: undefined },
    ],
    ['500', status(500), { code: 'upstream_unavailable', retryable: true }, { kind: 'answered', status: 500 }],
    ['502', status(502), { code: 'upstream_unavailable', retryable: false }, { kind: 'answered', status: 502 }],
    ['503', status(503), { code: 'upstream_unavailable', retryable: true }, { kind: 'answered', status: 503 }],
    ['418', status(418), { code: 'upstream_unavailable', retryable: false }, { kind: 'answered', status: 418 }],
    [
      'status error with HTTP 200, blocked',
      ok({ status: 'error', error: `Site protection is currently blocking all proxies; ${SECRET_BODY}` }),
      { code: 'upstream_unavailable', retryable: true },
      { kind: 'answered', status: 503, creditsCharged: 1 },
    ],
    [
      'status error with HTTP 200, rate',
      ok({ status: 'error', error: { message: `Too many requests ${SECRET_BODY}`, retry_after: 9 } }),
      { code: 'rate_limited', retryable: true, retryAfterMs: 9_000 },
      { kind: 'answered', status: 429, retryAfterMs: 9_000 },
    ],
    [
      'status error with HTTP 200, of unknown cause',
      ok({ status: 'error', error: SECRET_BODY }),
      { code: 'upstream_unavailable', retryable: true },
      { kind: 'answered', status: 500 },
    ],
    [
      'success false with HTTP 200',
      ok({ success: false, message: `Rate limit exceeded ${SECRET_BODY}` }),
      { code: 'rate_limited', retryable: true },
      { kind: 'answered', status: 429 },
    ],
    [
      'a documented error body with HTTP 200',
      ok({ error: { status: 'upstream_error', message: SECRET_BODY, snippet: SECRET_BODY }, status_code: 502 }),
      { code: 'upstream_unavailable', retryable: false },
      { kind: 'answered', status: 502 },
    ],
    ['a hang', { kind: 'hang' }, { code: 'upstream_unavailable', retryable: true }, { kind: 'unknown' }],
    ['a reset', { kind: 'reset' }, { code: 'upstream_unavailable', retryable: true }, { kind: 'unknown' }],
    [
      'broken JSON',
      { kind: 'raw', body: '{"data":' },
      { code: 'upstream_changed' },
      { kind: 'answered', creditsCharged: 1 },
    ],
    [
      'HTML',
      { kind: 'raw', body: SECRET_BODY, contentType: 'text/html' },
      { code: 'upstream_changed' },
      { kind: 'answered' },
    ],
    [
      'another shape',
      { kind: 'raw', body: '{"data":{"title":7}}' },
      { code: 'upstream_changed' },
      { kind: 'answered' },
    ],
    ['50 MB', { kind: 'huge', bytes: 50 << 20 }, { code: 'upstream_changed' }, { kind: 'answered', creditsCharged: 1 }],
  ])('%s', async (_name, fault, expected, report) => {
    server.failNext(fault)
    const error: unknown = await upstream.fetchDetails('7000000001', signal).catch(thrown => thrown)
    if (!(error instanceof CallError)) throw error
    expect(error).toMatchObject(expected)
    expect(error.report).toMatchObject(report)
    expect(`${error.message} ${error.hint}`).not.toContain('FOREIGN-BODY')
    expect(error.hint).toMatch(/\.$/)
    expect(server.calls).toHaveLength(1)
  })

  it.each([{ products: null }, {}])('reads a page with %j as empty', async list => {
    server.failNext(ok({ status: 'success', data: { ...list, page: 14, page_size: 60, total_found: 734 } }))
    expect((await upstream.index?.fetchPage(14, signal))?.value).toEqual({ offers: [], totalFound: 734 })
  })

  it('reports a call that could not be sent', async () => {
    const gone = await startParseServer({ rows: ROWS })
    await gone.close()
    const orphan = createParse({ baseUrl: gone.url, apiKey: gone.key, clock: systemClock })
    const error: unknown = await orphan.fetchDetails('7000000001', signal).catch(thrown => thrown)
    expect(error).toMatchObject({ code: 'upstream_unavailable', report: { kind: 'not_sent' } })
    await orphan.close()
  })

  it('names the missing variable, without a call', async () => {
    const keyless = createParse({ baseUrl: server.url, apiKey: null, clock: systemClock })
    const error: unknown = await keyless.fetchDetails('7000000001', signal).catch(thrown => thrown)
    if (!(error instanceof AppError)) throw error
    expect(error.code).toBe('key_missing')
    expect(error.hint).toContain('MCP1688_PARSE_API_KEY')
    expect(server.calls).toHaveLength(0)
  })

  it('checks the key with one call for one row', async () => {
    const wrong = createParse({ baseUrl: server.url, apiKey: 'pmx_wrong', clock: systemClock })
    const error: unknown = await wrong.checkAccess(signal).catch(thrown => thrown)
    expect(error).toMatchObject({ code: 'key_rejected', report: { kind: 'answered', status: 401 } })
    await wrong.close()
    expect(server.calls.map(({ query }) => query.page_size)).toEqual(['1'])
  })

  it('stops when the caller aborts', async () => {
    const leaving = new AbortController()
    const release = server.hold()
    const pending = upstream.fetchDetails('7000000001', leaving.signal).catch(thrown => thrown)
    leaving.abort()
    expect(await pending).toMatchObject({ code: 'cancelled' })
    release()
  })
})
