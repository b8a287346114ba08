/**
 * A local stand-in for TMAPI: a real HTTP server that checks what the real one checks (token, balance, parameters,
 * concurrent calls, the picture's host), answers in its format, and fails to order. It uses no code of the product.
 */
import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { exchangeTypes, type Listing, type OrderedAnswer } from './listings.ts'
import { listenOnLoopback } from './loopback.ts'
import { description, ratingPage, salesStatistics, shippingFee } from './tmapi-extras.ts'
import { detailsOf, foundPage, MEMBER_ID, shopPage, shopProfile } from './tmapi-shapes.ts'

export interface TmapiServerOptions {
  listings: readonly Listing[]
  /** Calls that the token's balance pays for. */
  balance?: number
  /** Where it looks for the token. Default: in the parameter `apiToken`. */
  auth?: 'header'
  /** Concurrent calls that are allowed. */
  atOnce?: number
  /** Whether to swap JSON types, see `exchangeTypes`. */
  drift?: boolean
}

export interface SeenCall {
  endpoint: string
  query: Record<string, string>
  /** Of a POST. */
  posted: Record<string, unknown>
}

export interface TmapiServer {
  url: string
  token: string
  calls: SeenCall[]
  /** Orders answers for the next calls. */
  answerNext(...answers: OrderedAnswer[]): void
  /** Resolves after that many calls. */
  seen(count: number): Promise<void>
  /** Holds back every answer until the returned function is called. */
  hold(): () => void
  close(): Promise<void>
}

/** HTTP says 200 even if the code in the body does not. */
type Envelope = { code: number; msg: string; data: unknown } | typeof NO_ROUTE

/** The gateway before TMAPI; its HTTP status is 404. */
const NO_ROUTE = { message: 'no Route matched with those values' }

/** https://tmapi.top/docs/ali/tool-apis/image-url-convert.md */
const CONVERTED = '/search/imgextra/'

/** Of `shop/items`. */
const SHOP_SORTS = ['default', 'sales', 'price_up', 'price_down', 'time_up', 'time_down']

const SORTS = ['default', 'sales', 'price_up', 'price_down']

export async function startTmapiServer(options: TmapiServerOptions): Promise<TmapiServer> {
  const { listings, atOnce = Number.POSITIVE_INFINITY } = options
  const token = 'token-canary'
  const calls: SeenCall[] = []
  const arrivals = new EventEmitter()
  const ordered: OrderedAnswer[] = []
  const converted = new Set<string>()
  let balance = options.balance ?? Number.POSITIVE_INFINITY
  let underWay = 0
  let gate: Promise<void> = Promise.resolve()

  const found = (rows: readonly Listing[], query: URLSearchParams): Envelope => {
    const page = Number(query.get('page') ?? 1)
    const size = Number(query.get('page_size') ?? 20)
    if (!(page >= 1) || !(size >= 1 && size <= 20)) return failed(422, 'page or page_size')
    const sort = query.get('sort') ?? 'default'
    if (!SORTS.includes(sort)) return failed(422, 'sort')
    const least = Number(query.get('price_start') ?? 0) * 100
    const most = Number(query.get('price_end') ?? Number.POSITIVE_INFINITY) * 100
    const sign = { price_up: 1, price_down: -1 }[sort] ?? 0
    const matching = rows
      .filter(({ priceFen }) => priceFen >= least && priceFen <= most)
      .sort((a, b) => sign * (a.priceFen - b.priceFen))
    return ok(foundPage(matching, page, size))
  }

  const answer = (endpoint: string, query: URLSearchParams, posted: Record<string, unknown>): Envelope => {
    switch (endpoint) {
      case 'tools/image/convert_url': {
        const { url, search_api_endpoint: use } = posted
        if (typeof url !== 'string' || use !== '/search/image') return failed(422, 'url or search_api_endpoint')
        if (url.includes('dead')) return failed(417, `cannot fetch ${url}`)
        const image_url = `${CONVERTED}${converted.size + 1}.jpg`
        converted.add(image_url)
        return ok({ image_url })
      }
      case 'search/image': {
        const picture = query.get('img_url') ?? ''
        const isKnown = converted.has(picture) || listings.some(listing => listing.picture === picture)
        return isKnown ? found(listings, query) : failed(417, `not a picture of ours: ${picture}`)
      }
      case 'search/items': {
        const keyword = query.get('keyword') ?? ''
        if (keyword === '') return failed(422, 'keyword')
        const mostMoq = Number(query.get('moq') ?? Number.POSITIVE_INFINITY)
        const named = listings.filter(({ title, moq }) => title.includes(keyword) && moq <= mostMoq)
        return found(named, query)
      }
      case 'item_detail': {
        const listing = listings.find(({ id }) => String(id) === query.get('item_id'))
        return listing && !listing.delisted ? ok(detailsOf(listing)) : failed(422, 'item_id')
      }
      case 'item/rating':
        return ok(ratingPage(query.get('item_id') ?? ''))
      case 'item/statistics/sales':
        return ok(salesStatistics())
      case 'item/shipping':
        return query.get('province') === '西藏自治区' ? failed(417, 'Get data error') : ok(shippingFee(query))
      case 'item_desc':
        return ok(description(query.get('item_id') ?? ''))
      case 'shop/shop_info':
        return query.get('member_id') === MEMBER_ID ? ok(shopProfile(listings)) : failed(422, 'member_id')
      case 'shop/items': {
        const page = Number(query.get('page') ?? 1)
        if (query.get('member_id') !== MEMBER_ID) return failed(422, 'member_id')
        return SHOP_SORTS.includes(query.get('sort') ?? 'default') ? ok(shopPage(listings, page)) : failed(422, 'sort')
      }
      default:
        return NO_ROUTE
    }
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const endpoint = url.pathname.replace('/1688/', '')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const posted = request.method === 'POST' ? JSON.parse(Buffer.concat(chunks).toString()) : {}
    calls.push({ endpoint, query: Object.fromEntries(url.searchParams), posted })
    arrivals.emit('call')
    const isTooMany = underWay >= atOnce
    underWay++
    await (isTooMany ? undefined : gate)
    underWay--
    const order = ordered.shift()
    if (order === 'hang') return
    if (order === 'reset') return void response.destroy()
    const given = options.auth === 'header' ? request.headers.apikey : url.searchParams.get('apiToken')
    const isPaid = given === token && balance > 0
    const envelope = (): Envelope => {
      if (!isPaid) return failed(439, `token ${given}`)
      if (isTooMany) return failed(503, 'too many')
      balance--
      return answer(endpoint, url.searchParams, posted)
    }
    const { status, body, headers } = order ?? answerWith(envelope())
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    const sent = options.drift ? exchangeTypes(body) : body
    response.end(typeof sent === 'string' ? sent : JSON.stringify(sent))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    url: origin,
    token,
    calls,
    answerNext: (...answers) => ordered.push(...answers),
    seen: async count => {
      while (calls.length < count) await once(arrivals, 'call')
    },
    hold: () => {
      let release = (): void => {}
      gate = new Promise(resolve => {
        release = resolve
      })
      return () => release()
    },
    close,
  }
}

function answerWith(body: Envelope): { status: number; body: unknown; headers?: Record<string, string> } {
  return { status: body === NO_ROUTE ? 404 : 200, body }
}

function ok(data: unknown): Envelope {
  return { code: 200, msg: 'success', data }
}

function failed(code: number, msg: string): Envelope {
  return { code, msg, data: null }
}
