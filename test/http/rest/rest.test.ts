import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { AppError } from '../../../src/errors.ts'
import { startService, type TestService } from '../service.ts'

const text = z.string().nullable()

/** The response of `search_by_image` in the API on Parse, written by hand. */
const searchReply = z.strictObject({
  note: z.string(),
  page: z.int(),
  products: z.array(
    z.strictObject({
      offer_id: z.string(),
      title: z.string(),
      price: text,
      image_url: text,
      shop_name: text,
      city: text,
    }),
  ),
  page_size: z.int(),
  total_found: z.int().nullable(),
  query_image_url: z.string(),
})

const detailsReply = z.strictObject({
  title: z.string(),
  min_price: text,
  max_price: text,
  unit: text,
  moq: z.int().nullable(),
  city: text,
  province: text,
  images: z.array(z.string()),
  detail_url: text,
})

const envelopeOf = (data: z.ZodType) => z.strictObject({ status: z.literal('success'), data })

const openApi = z.looseObject({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.looseObject({
      get: z
        .looseObject({
          operationId: z.string(),
          parameters: z.array(z.looseObject({ name: z.string(), in: z.literal('query'), required: z.boolean() })),
          responses: z.record(
            z.string(),
            z.looseObject({
              description: z.string().min(1),
              content: z.object({ 'application/json': z.object({ schema: z.record(z.string(), z.unknown()) }) }),
            }),
          ),
        })
        .optional(),
    }),
  ),
  components: z.looseObject({
    securitySchemes: z.looseObject({}),
    schemas: z.looseObject({ Error: z.record(z.string(), z.unknown()) }),
  }),
})

describe('REST', () => {
  let tested: TestService
  beforeAll(async () => {
    tested = await startService()
  })
  afterAll(() => tested.close())

  const get = (path: string) => fetch(`${tested.url}${path}`)
  const search = (query: string) => get(`/search_by_image?${query}`)
  const picture = 'image_url=https%3A%2F%2Fexample.com%2Fa.jpg'

  it('searches with the envelope, names and types of the API on Parse', async () => {
    const answer = await search(`${picture}&page=2&page_size=3`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('x-credits-charged')).toBe('1')
    const body = await answer.json()
    envelopeOf(searchReply).parse(body)
    expect(body).toMatchObject({
      data: {
        page: 2,
        page_size: 3,
        query_image_url: 'https://example.com/a.jpg',
        products: [{ price: '2.88-25.65' }],
      },
    })
  })

  it('returns details with the envelope, names and types of the API on Parse, and null for unknown values', async () => {
    const body = await (await get('/get_product_details?offer_id=7000000001')).json()
    envelopeOf(detailsReply).parse(body)
    expect(body).toMatchObject({
      data: {
        min_price: '2.88',
        max_price: '25.65',
        moq: 2,
        city: '金华市',
        province: null,
        detail_url: 'https://detail.1688.com/offer/7000000001.html',
      },
    })
  })

  it.each([
    ['no picture', '', 'image_url is missing'],
    ['page 0', `${picture}&page=0`, 'page must be at least 1'],
    ['61 per page', `${picture}&page_size=61`, 'page_size must be at most 60'],
    ['a page that is not a number', `${picture}&page=first`, 'page must be a number, not "first"'],
    ['another name', `${picture}&pagesize=5`, 'did you mean page_size'],
  ])('%s: 400 in the error envelope', async (_what, query, words) => {
    const answer = await search(query)
    expect(answer.status).toBe(400)
    const error = { status: 'invalid_input', message: expect.stringContaining(words), hint: expect.any(String) }
    expect(await answer.json()).toEqual({ error, status_code: 400 })
  })

  it.each([
    ['not_found', 422],
    ['key_rejected', 502],
    ['credits_exhausted', 402],
    ['rate_limited', 429],
    ['upstream_changed', 502],
    ['upstream_unavailable', 503],
    ['deadline_exceeded', 504],
  ] as const)('an upstream failure %s: %i', async (code, status) => {
    tested.services.failure = new AppError({
      code,
      message: 'What.',
      hint: 'Do.',
      retryAfterMs: 7_200,
      creditsSpent: 2,
    })
    const answer = await get('/get_product_details?offer_id=7000000001')
    tested.services.failure = null
    expect(answer.status).toBe(status)
    expect(answer.headers.get('retry-after')).toBe('8')
    expect(answer.headers.get('x-credits-charged')).toBe('2')
    const error = { status: code, message: 'What.', hint: 'Do.', retry_after: 8 }
    expect(await answer.json()).toEqual({ error, status_code: status })
  })

  it('a bug: 500 with a reference to the log, without the cause', async () => {
    tested.services.failure = new Error('SECRET-CAUSE')
    const answer = await get('/get_product_details?offer_id=7000000001')
    tested.services.failure = null
    expect(answer.status).toBe(500)
    const body = await answer.text()
    expect(body).not.toContain('SECRET-CAUSE')
    const [incident] = /[0-9a-f]{8}/.exec(body) ?? []
    expect(tested.log.some(line => line.includes(String(incident)) && line.includes('SECRET-CAUSE'))).toBe(true)
  })

  it('answers as its OpenAPI 3.1 document describes', async () => {
    const document = openApi.parse(await (await get('/openapi.json')).json())
    expect(Object.keys(document.paths)).toEqual(['/search_by_image', '/get_product_details', '/catalogue/import'])
    const calls = { '/search_by_image': picture, '/get_product_details': 'offer_id=7000000001' }
    for (const [path, query] of Object.entries(calls)) {
      const operation = document.paths[path]?.get
      const parameters = operation?.parameters ?? []
      const required = parameters.filter(parameter => parameter.required).map(parameter => parameter.name)
      expect(required).toEqual([query.split('=')[0]])
      const schemaOf = (status: number) => operation?.responses[status]?.content['application/json'].schema ?? {}
      expect(
        z.fromJSONSchema(schemaOf(200)).safeParse(await (await get(`${path}?${query}`)).json()).error,
      ).toBeUndefined()
      expect(schemaOf(400)).toEqual({ $ref: '#/components/schemas/Error' })
      const refused = await (await get(path)).json()
      expect(z.fromJSONSchema(document.components.schemas.Error).safeParse(refused).error).toBeUndefined()
    }
  })

  it('has a documentation page that loads nothing', async () => {
    const answer = await get('/docs')
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    const html = await answer.text()
    expect(html).not.toMatch(/\ssrc=|<script|<link|@import|url\(/)
    for (const word of ['search_by_image', 'get_product_details', 'page_size', 'X-API-Key', 'moq', 'prune'])
      expect(html).toContain(word)
  })

  it('counts calls by tool and outcome, without keys, addresses or pictures', async () => {
    await search(`${picture}&page=1`)
    const answer = await get('/metrics')
    const body = await answer.text()
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(body).toMatch(/mcp1688_calls_total\{tool="search_by_image",tier="open",outcome="ok"\} [1-9]/)
    expect(body).toMatch(/mcp1688_calls_total\{tool="get_product_details",tier="open",outcome="not_found"\} 1/)
    expect(body).toContain('mcp1688_http_requests_total{route="/search_by_image",status="400"}')
    expect(body).toContain('mcp1688_decoder_restarts 2')
    expect(body).toContain('mcp1688_decoder_quarantined 1')
    expect(body).not.toMatch(/example\.com|m1688_|127\.0\.0\.1/)
  })

  it('sends the ID of each request that is in the log', async () => {
    const id = (await get('/healthz')).headers.get('x-request-id')
    await expect
      .poll(() => tested.log.find(line => line.includes(`"request":"${id}"`)))
      .toMatch(/"route":"\/healthz","status":200,"ms":\d+/)
  })

  it('HEAD has no body, and there are no CORS headers without an allowed origin', async () => {
    const head = await fetch(`${tested.url}/docs`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await get('/docs')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each(['/docs', '/openapi.json'])('%s is sent again only if it has changed', async path => {
    const etag = (await get(path)).headers.get('etag') ?? ''
    const again = await fetch(`${tested.url}${path}`, { headers: { 'if-none-match': `"other", W/${etag}` } })
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag])
    expect((await fetch(`${tested.url}${path}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200)
  })

  it('only pages of an allowed origin may call', async () => {
    const other = await startService({ config: { allowedOrigins: ['https://app.example.com'] } })
    const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }
    const preflight = await fetch(`${other.url}/mcp`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example.com')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('mcp-protocol-version')
    const foreign = await fetch(`${other.url}/mcp`, {
      method: 'OPTIONS',
      headers: { ...headers, origin: 'https://x.example' },
    })
    expect(foreign.status).toBe(403)
    await other.close()
  })
})
