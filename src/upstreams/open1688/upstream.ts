/** The upstream `open1688`: the official 1688 Open Platform, which searches by picture for applications that may. */
import { AppError, partsOf } from '../../errors.ts'
import { CallError, type Reported } from '../../limits/gate/call-report.ts'
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import { UNKNOWN_ALLOWANCE } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { createUpstreamHttp, type UpstreamHttpOptions } from '../http.ts'
import type { OfferPage, PageQuery, PictureMatcher, QueryPicture, Upstream, UpstreamDescriptor } from '../port.ts'
import { checkAccess } from './access.ts'
import { NOT_GRANTED, PICTURE_NOT_PROCESSED } from './failures.ts'
import { filterParams, OPEN1688_FILTERS } from './filters.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { parseDetails } from './mapping/details.ts'
import { freightParams, parseFreight } from './mapping/freight.ts'
import { parsePictureId, parseQueryPage, parseSimilarPage } from './mapping/search.ts'
import { parseSalesTrend } from './mapping/trend.ts'
import { formatHandle, type PictureHandle, parseHandle } from './picture-handle.ts'
import { tokenFileIn } from './tokens.ts'

/** The platform recommends 20, and `similarOffers` returns no more. */
const MAX_PAGE_SIZE = 20

/** An assumption: the platform does not document how long it keeps an uploaded picture. */
const HANDLE_TTL_MS = 3_600_000

const DAY_MS = 86_400_000

/** Every query must name the language of the translated fields. */
const COUNTRY = 'en'

export interface Open1688Options extends Omit<UpstreamHttpOptions, 'timeoutMs'> {
  /** `null` makes every call fail with `key_missing`. */
  appKey: string | null
  appSecret: string | null
  /** Whether calls carry an access token. Default: `token`. */
  auth?: 'token' | 'none'
  /** Lasts 10 hours, or for good if the developer's console issued it; needed only without a refresh token. */
  accessToken?: string | null
  /** Lasts up to half a year. */
  refreshToken?: string | null
  /** A SQLite file for refreshed tokens, readable by its owner only. */
  tokenFile: string
  /** Without a trailing slash. */
  baseUrl: string
  timeoutMs?: number
}

/**
 * A 401 has a retry time if the next attempt has another token, and a 403 if it uses another API. The retries after a
 * 429 are our choice: the waits grow from 10 s to 80 s.
 */
const RETRIES: RetryPolicy = {
  notSent: { maxRetries: 1 },
  byStatus: {
    401: { maxRetries: 1, onlyWithRetryAfter: true },
    403: { maxRetries: 2, onlyWithRetryAfter: true },
    429: { maxRetries: 3, onlyWithRetryAfter: true },
    500: { maxRetries: 1 },
    502: { maxRetries: 1 },
    503: { maxRetries: 1 },
  },
}

interface Open1688Settings {
  open1688Auth: 'token' | 'none'
  open1688AppKey?: string | undefined
  open1688AppSecret?: string | undefined
  open1688AccessToken?: string | undefined
  open1688RefreshToken?: string | undefined
  open1688BaseUrl: string
  dataDir: string
}

export const open1688: UpstreamDescriptor<Open1688Settings> = {
  create: (settings, context) =>
    createOpen1688({
      appKey: settings.open1688AppKey ?? null,
      appSecret: settings.open1688AppSecret ?? null,
      auth: settings.open1688Auth,
      accessToken: settings.open1688AccessToken ?? null,
      refreshToken: settings.open1688RefreshToken ?? null,
      tokenFile: tokenFileIn(settings.dataDir),
      baseUrl: settings.open1688BaseUrl,
      ...context,
    }),
  keyOf: ({ open1688AppKey: secret, open1688AppSecret, open1688BaseUrl: baseUrl }) =>
    secret === undefined || open1688AppSecret === undefined
      ? null
      : { secret, baseUrl, plan: 'application', allowance: UNKNOWN_ALLOWANCE },
  retries: RETRIES,
  wireMs: CALL_BUDGET.open1688.wireMs,
}

/** Connects and opens the token file at the first call. */
export function createOpen1688(options: Open1688Options): Upstream {
  const { accessToken = null, refreshToken = null, timeoutMs = CALL_BUDGET.open1688.wireMs } = options
  const http = createUpstreamHttp({ ...options, timeoutMs })
  const sendsToken = options.auth !== 'none'
  const gateway = createGateway({ ...options, http, sendsToken, accessToken, refreshToken })

  return {
    name: 'open1688',
    creditsPerCall: 0,
    creditsPerCheck: 0,
    index: null,
    pictures: createMatcher(gateway),
    keywords: {
      maxPageSize: MAX_PAGE_SIZE,
      applies: OPEN1688_FILTERS,
      fetchByKeyword: (keyword, query, signal) => {
        const params = { offerQueryParam: JSON.stringify({ keyword, ...queryParam(query) }) }
        return gateway.call('keywordQuery', params, signal, body => parseQueryPage(body, query))
      },
    },
    shops: {
      maxPageSize: MAX_PAGE_SIZE,
      applies: OPEN1688_FILTERS,
      fetchProfile: null,
      fetchOffers: (shopId, query, signal) => {
        const params = { offerQueryParam: JSON.stringify({ sellerOpenId: shopId, ...queryParam(query) }) }
        return gateway.call('sellerOffers', params, signal, body => parseQueryPage(body, query))
      },
    },
    extras: {
      fetchReviews: null,
      fetchSales: (offerId, signal) => {
        const params = { tendQueryParam: JSON.stringify({ offerId, ...lastDays(options.clock.now()) }) }
        return gateway.call('salesTrend', params, signal, parseSalesTrend)
      },
      fetchDescriptionPictures: null,
      fetchFreight: (query, signal) => gateway.call('freight', freightParams(query), signal, parseFreight),
    },
    fetchDetails: (offerId, signal) => {
      const params = { offerDetailParam: JSON.stringify({ offerId, country: COUNTRY }) }
      return gateway.call('productDetail', params, signal, body => parseDetails(body, offerId))
    },
    checkAccess: signal => checkAccess(gateway, signal),
    close: async () => {
      await gateway.close()
      await http.close()
    },
  }
}

/**
 * There are two ways, granted separately: upload a picture and query its ID, or query by its public URL. The first
 * returns more and is used unless the platform reports that it is not granted.
 */
function createMatcher(gateway: Gateway): PictureMatcher {
  const canUpload = () => !gateway.isNotGranted('uploadPicture') && !gateway.isNotGranted('imageQuery')
  const canSearchByUrl = (url: string | null) => url !== null && !gateway.isNotGranted('similarOffers')

  const upload = async (picture: QueryPicture, signal: AbortSignal): Promise<Reported<string>> => {
    const small = await picture.small()
    const params = { uploadImageParam: JSON.stringify({ imageBase64: Buffer.from(small).toString('base64') }) }
    return gateway.call('uploadPicture', params, signal, body => {
      const pictureId = parsePictureId(body)
      if (pictureId === null) throw new AppError(PICTURE_NOT_PROCESSED)
      return formatHandle({ pictureId, url: picture.url })
    })
  }

  return {
    maxPageSize: MAX_PAGE_SIZE,
    applies: OPEN1688_FILTERS,
    handleTtlMs: HANDLE_TTL_MS,
    handleOf: ({ url }) => (!canUpload() && canSearchByUrl(url) ? formatHandle({ pictureId: null, url }) : null),
    register: async (picture, signal) => {
      try {
        return await upload(picture, signal)
      } catch (error) {
        if (!isNotGrantedError(error) || !canSearchByUrl(picture.url)) throw error
        return { value: formatHandle({ pictureId: null, url: picture.url }), report: error.report }
      }
    },
    fetchMatches: async (handle, query, signal) => {
      const picture = parseHandle(handle)
      try {
        return await fetchPage(gateway, picture, query, signal)
      } catch (error) {
        const queryFailed = picture.pictureId !== null && gateway.isNotGranted('imageQuery')
        if (!isNotGrantedError(error) || !queryFailed || !canSearchByUrl(picture.url)) throw error
        // The next attempt searches by URL.
        throw new CallError(partsOf(error), { ...error.report, retryAfterMs: 0 })
      }
    },
  }
}

function fetchPage(
  gateway: Gateway,
  { pictureId, url }: PictureHandle,
  query: PageQuery,
  signal: AbortSignal,
): Promise<Reported<OfferPage>> {
  const { page, pageSize } = query
  if (pictureId === null || (url !== null && gateway.isNotGranted('imageQuery'))) {
    const params = { picUrl: url ?? '', page: String(page), pageSize: String(pageSize) }
    return gateway.call('similarOffers', params, signal, body => parseSimilarPage(body, query))
  }
  const params = { offerQueryParam: JSON.stringify({ imageId: pictureId, ...queryParam(query) }) }
  return gateway.call('imageQuery', params, signal, body => parseQueryPage(body, query))
}

/** The platform gives at most a month, and no figures of today. */
function lastDays(now: number): { startDate: string; endDate: string } {
  const dayOf = (daysAgo: number) => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')
  return { startDate: dayOf(30), endDate: dayOf(1) }
}

function queryParam(query: PageQuery) {
  return { beginPage: query.page, pageSize: query.pageSize, country: COUNTRY, ...filterParams(query) }
}

function isNotGrantedError(error: unknown): error is CallError & { report: { kind: 'answered' } } {
  return error instanceof CallError && error.report.kind === 'answered' && error.report.status === NOT_GRANTED
}
