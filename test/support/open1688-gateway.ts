/**
 * A local stand-in for the gateway of the 1688 Open Platform: a real HTTP server that checks what the real one checks
 * (application, signature, time, rate, grant, token, parameters), answers in its format, and fails to order. It uses no
 * code of the product.
 */
import { createHmac } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exchangeTypes, type Listing, type OrderedAnswer } from './listings.ts'
import { listenOnLoopback } from './loopback.ts'
import { detailRecord, SELLER_OPEN_ID } from './open1688-details.ts'
import { freightEstimate, imagePage, keywordPage, salesTrend, sellerPage, similarPage } from './open1688-shapes.ts'

export interface GatewayOptions {
  listings: readonly Listing[]
  /** APIs that the application may call, without namespace. Default: all. */
  grants?: readonly string[]
  callsPerSecond?: number
  /** Whether to swap JSON types, see `exchangeTypes`. */
  drift?: boolean
  now?: () => number
  /** Exchanges an authorisation code. `path` is all that follows `/openapi/`. */
  redeem?: (path: string, fields: Record<string, string>, authorise: Gateway['authorise']) => Answer
}

export interface SeenCall {
  api: string
  fields: Record<string, string>
}

export interface Gateway {
  url: string
  appKey: string
  appSecret: string
  calls: SeenCall[]
  /** Issued pairs that are still valid. */
  accessTokens: Map<string, number>
  refreshTokens: Set<string>
  grants: Set<string>
  /** Whether calls go without an access token: the kind 单用户授权 of https://open.1688.com/api/sys_auth.htm?ns=cn.alibaba.open. */
  isSingleUser: boolean
  /** Uploaded pictures by id. */
  uploads: Map<string, Buffer>
  /** Issues a pair of tokens, like an authorisation in the browser. */
  authorise(lifetimeMs?: number): { accessToken: string; refreshToken: string }
  /** Orders answers for the next calls of an API. */
  answerNext(api: string, ...answers: OrderedAnswer[]): void
  /** Resolves after that many calls of an API. */
  seen(api: string, count: number): Promise<void>
  count(api: string): number
  /** Holds back every answer of an API until the returned function is called. */
  hold(api: string): () => void
  close(): Promise<void>
}

type Answer = { status: number; body: unknown }

export const GRANTABLE = [
  'product.image.upload',
  'product.search.imageQuery',
  'alibaba.cross.similar.offer.search',
  'product.search.keywordQuery',
  'product.search.querySellerOfferList',
  'product.analyze.getPerdaySellQuantityTrendNew',
  'product.freight.estimate',
  'product.search.queryProductDetail',
]

const TOKEN_LIFETIME_S = 36_000
const CLOCK_TOLERANCE_MS = 15 * 60_000

export async function startOpen1688Gateway(options: GatewayOptions): Promise<Gateway> {
  const { listings, callsPerSecond = Number.POSITIVE_INFINITY, now = Date.now } = options
  const ordered = new Map<string, OrderedAnswer[]>()
  const held = new Map<string, Promise<void>>()
  const recent: number[] = []
  const arrivals = new EventEmitter()
  let given = 0

  const authorise = (lifetimeMs = TOKEN_LIFETIME_S * 1000) => {
    given++
    const tokens = { accessToken: `access-canary-${given}`, refreshToken: `refresh-canary-${given}` }
    gateway.accessTokens.set(tokens.accessToken, now() + lifetimeMs)
    gateway.refreshTokens.add(tokens.refreshToken)
    return tokens
  }

  const tokensFor = (path: string, fields: Record<string, string>): Answer =>
    fields.grant_type === 'authorization_code' && options.redeem
      ? options.redeem(path, fields, authorise)
      : refreshed(fields)

  /** https://open.1688.com/api/sys_auth.htm?ns=cn.alibaba.open */
  const refreshed = (fields: Record<string, string>): Answer => {
    const { grant_type, client_id, client_secret, refresh_token = '' } = fields
    if (grant_type !== 'refresh_token' || client_id !== gateway.appKey || client_secret !== gateway.appSecret) {
      return { status: 400, body: { error: 'invalid_client', error_description: client_secret } }
    }
    if (!gateway.refreshTokens.delete(refresh_token)) {
      return { status: 400, body: { error: 'invalid_grant', error_description: refresh_token } }
    }
    const { accessToken, refreshToken } = authorise()
    const body = { access_token: accessToken, expires_in: String(TOKEN_LIFETIME_S), refresh_token: refreshToken }
    return { status: 200, body }
  }

  const refusal = (path: string, api: string, appKey: string, fields: Record<string, string>): Answer | null => {
    if (appKey !== gateway.appKey) return refuse('gw.AppKeyMissing', `unknown ${appKey}`)
    const { _aop_signature: signature, ...signed } = fields
    if (signature === undefined) return refuse('gw.SignatureMissing', 'no signature')
    const text =
      path +
      Object.keys(signed)
        .sort()
        .map(name => name + signed[name])
        .join('')
    const expected = createHmac('sha1', gateway.appSecret).update(text).digest('hex').toUpperCase()
    if (signature !== expected) return refuse('gw.SignatureInvalid', `expected ${expected}`)
    const { _aop_timestamp: sentAt = String(now()), access_token: token } = fields
    // No source names the code of a call that is too old; a signature that is not valid covers it.
    if (Math.abs(Number(sentAt) - now()) > CLOCK_TOLERANCE_MS) return refuse('gw.SignatureInvalid', sentAt)
    while ((recent[0] ?? Number.POSITIVE_INFINITY) <= now() - 1000) recent.shift()
    if (recent.length >= callsPerSecond) return refuse('gw.QosAppFrequencyLimit', 'App call exceeds limited frequency')
    recent.push(now())
    if (api === 'currentTime') return null
    if (!GRANTABLE.includes(api)) return refuse('gw.APIUnsupported', api)
    if (!gateway.grants.has(api)) return refuse('gw.APIACLDecline', 'AppKey is not allowed(acl)')
    if (gateway.isSingleUser && token === undefined) return null
    if (token === undefined || (gateway.accessTokens.get(token) ?? 0) <= now()) {
      return refuse('401', `Request need user authorized: ${token}`, 401)
    }
    return null
  }

  const answer = (api: string, fields: Record<string, string>): Answer => {
    if (api === 'currentTime') return { status: 200, body: String(now()) }
    if (api === 'product.image.upload') return upload(fields)
    if (api === 'alibaba.cross.similar.offer.search') return similar(fields)
    if (api === 'product.analyze.getPerdaySellQuantityTrendNew') return trend(fields)
    if (api === 'product.freight.estimate') return freight(fields)
    const param = api === 'product.search.queryProductDetail' ? fields.offerDetailParam : fields.offerQueryParam
    if (param === undefined) return refuse('gw.ParamMissing', 'a parameter is missing')
    const { offerId, imageId, keyword, sellerOpenId, beginPage, pageSize, country } = JSON.parse(param)
    if (country === undefined) return business({ success: false, code: 'SP0001', message: 'country is required' })
    if (api === 'product.search.queryProductDetail') return details(String(offerId))
    if (!(beginPage >= 1) || !(pageSize >= 1 && pageSize <= 50)) return business({ success: false, code: 'SP0002' })
    if (api === 'product.search.keywordQuery') {
      const found = listings.filter(({ title }) => title.includes(keyword))
      return business(keywordPage(found, beginPage, pageSize))
    }
    if (api === 'product.search.querySellerOfferList') {
      return sellerOpenId === SELLER_OPEN_ID
        ? business(sellerPage(listings, beginPage, pageSize))
        : business({ success: false, code: 'SP0004', message: `unknown ${sellerOpenId}` })
    }
    if (!gateway.uploads.has(imageId)) return business({ success: false, code: 'SP0003', message: 'unknown imageId' })
    return business(imagePage(listings, beginPage, pageSize))
  }

  /**
   * Anything but a picture gets a success with the id "0".
   * https://open.1688.com/api/apidocdetail.htm?id=com.alibaba.fenxiao.crossborder:product.image.upload-1
   */
  const upload = (fields: Record<string, string>): Answer => {
    if (fields.uploadImageParam === undefined) return refuse('gw.ParamMissing', 'uploadImageParam is missing')
    const { imageBase64 } = JSON.parse(fields.uploadImageParam)
    const bytes = Buffer.from(String(imageBase64), 'base64')
    const isPicture = /^(\xff\xd8\xff|\x89PNG)/.test(bytes.subarray(0, 4).toString('latin1'))
    const isWhole = bytes.toString('base64') === imageBase64 && bytes.length <= 300_000
    const id = isPicture && isWhole ? `7${String(gateway.uploads.size).padStart(18, '0')}` : '0'
    if (id !== '0') gateway.uploads.set(id, bytes)
    return business({ success: 'true', code: '200', message: 'success', result: id })
  }

  const similar = (fields: Record<string, string>): Answer => {
    const { picUrl, page, pageSize } = fields
    if (picUrl === undefined || page === undefined) return refuse('gw.ParamMissing', 'picUrl or page is missing')
    if (Number(pageSize) > 20) return { status: 200, body: { success: false, code: 'PARAM', message: 'pageSize' } }
    if (/dead/.test(picUrl)) {
      const message = `handle image error with url ${picUrl}`
      return { status: 200, body: { success: false, code: 'SYSTEM_ERROR', message, result: { total: 0, result: [] } } }
    }
    return { status: 200, body: similarPage(listings, Number(page), Number(pageSize)) }
  }

  /** At most a month; the last day has no figure yet. */
  const trend = ({ tendQueryParam }: Record<string, string>): Answer => {
    if (tendQueryParam === undefined) return refuse('gw.ParamMissing', 'tendQueryParam is missing')
    const { offerId, startDate, endDate } = JSON.parse(tendQueryParam)
    const isDay = /^\d{8}$/.test(startDate) && /^\d{8}$/.test(endDate)
    if (offerId === undefined || !isDay) return business({ success: false, code: 'SP0002' })
    return business(salesTrend(String(startDate), String(endDate)))
  }

  const freight = ({ productFreightQueryParamsNew: param }: Record<string, string>): Answer => {
    if (param === undefined) return refuse('gw.ParamMissing', 'productFreightQueryParamsNew is missing')
    const { offerId, toProvinceCode, toCityCode, toCountryCode, totalNum } = JSON.parse(param)
    const isKnown = listings.some(({ id }) => String(id) === offerId)
    const areCodes = [toProvinceCode, toCityCode, toCountryCode].every(code => /^\d{6}$/.test(String(code)))
    if (!isKnown || !areCodes || !(totalNum >= 1)) return business({ success: false, code: 'SP0002' })
    return business(freightEstimate(totalNum))
  }

  const details = (offerId: string): Answer => {
    const listing = listings.find(({ id }) => String(id) === offerId)
    if (!listing) return business({ success: false, code: 'SP0056', message: '商品不存在' })
    if (listing.delisted) return business({ success: 'false', code: 'SP0057', message: '该商品已下架' })
    return business(detailRecord(listing))
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').replace('/openapi/', '')
    const [, , namespace, api = '', appKey = ''] = path.split('/')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()))
    gateway.calls.push({ api, fields })
    arrivals.emit('call')
    await held.get(api)
    const order = ordered.get(api)?.shift()
    if (order === 'hang') return
    if (order === 'reset') return void response.destroy()
    const decided =
      order ??
      (namespace === 'system.oauth2'
        ? tokensFor(path, fields)
        : (refusal(path, api, appKey, fields) ?? answer(api, fields)))
    const body = options.drift && namespace !== 'system' ? exchangeTypes(decided.body) : decided.body
    response.writeHead(decided.status, { 'content-type': 'application/json', ...order?.headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const { origin, close } = await listenOnLoopback(server)
  const gateway: Gateway = {
    url: `${origin}/openapi`,
    appKey: '7654321',
    appSecret: 'secret-canary',
    calls: [],
    accessTokens: new Map(),
    refreshTokens: new Set(),
    grants: new Set(options.grants ?? GRANTABLE),
    isSingleUser: false,
    uploads: new Map(),
    authorise,
    answerNext: (api, ...answers) => ordered.set(api, [...(ordered.get(api) ?? []), ...answers]),
    count: api => gateway.calls.filter(call => call.api === api).length,
    seen: async (api, count) => {
      while (gateway.count(api) < count) await once(arrivals, 'call')
    },
    hold: api => {
      let release = (): void => {}
      held.set(
        api,
        new Promise(resolve => {
          release = resolve
        }),
      )
      return () => release()
    },
    close,
  }
  return gateway
}

function business(result: unknown): Answer {
  return { status: 200, body: { result } }
}

/** The sample of public clients: `gateway_errors`. */
function refuse(code: string, message: string, status = 400): Answer {
  return { status, body: { error_code: code, error_message: message } }
}
