/** The official 1688 Open Platform, which matches pictures itself, for applications that are granted that. */
import path from 'node:path'
import { AppError, partsOf } from '../../errors.ts'
import { CallError, type Reported } from '../../limits/gate/call-report.ts'
import type { RetryPolicy } from '../../limits/gate/retry.ts'
import { UNKNOWN_ALLOWANCE } from '../../limits/ledger/allowance.ts'
import { CALL_BUDGET } from '../../time/call-budget.ts'
import { createUpstreamHttp, type UpstreamHttpOptions } from '../http.ts'
import type { FoundPage, FoundQuery, PictureMatcher, QueryPicture, Upstream, UpstreamDescriptor } from '../port.ts'
import { checkAccess } from './access.ts'
import { parseDetails } from './details-mapping.ts'
import { DECLINED, OFFER_GONE, PICTURE_NOT_TAKEN } from './failures.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { formatHandle, type KnownPicture, parseHandle } from './picture-handle.ts'
import { parsePictureId, parseQueryPage, parseSimilarPage } from './search-mapping.ts'

/** Rows a page: 20 is what the platform advises, and the most that `similarOffers` gives. */
const MAX_PAGE_SIZE = 20

/** How long an uploaded picture is taken to be known there, in milliseconds. The platform does not say. */
const HANDLE_TTL_MS = 3_600_000

/** The language of the translated fields, which every query must name. */
const COUNTRY = 'en'

export interface Open1688Options extends Omit<UpstreamHttpOptions, 'timeoutMs'> {
  /** Of the application; `null` makes every call fail with `key_missing`. */
  appKey: string | null
  appSecret: string | null
  /** Lasts 10 hours; needed only where there is no refresh token. */
  accessToken?: string | null
  /** Lasts up to half a year. */
  refreshToken?: string | null
  /** Where refreshed tokens are kept: a SQLite file, readable by the owner only. */
  tokenFile: string
  /** Without a slash at its end. */
  baseUrl: string
  timeoutMs?: number
}

/**
 * A 401 is told to come back where the next try has another token, and a 403 where it takes another way to the same answer. How often a refused rate may
 * be tried is our choice: the waits grow from 10 s to 80 s.
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

/** Its options in the configuration. */
interface Open1688Settings {
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
      accessToken: settings.open1688AccessToken ?? null,
      refreshToken: settings.open1688RefreshToken ?? null,
      tokenFile: path.join(settings.dataDir, 'open1688-tokens.db'),
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

/** Makes the upstream. Connects, and opens the file of tokens, at the first call. */
export function createOpen1688(options: Open1688Options): Upstream {
  const { accessToken = null, refreshToken = null, timeoutMs = CALL_BUDGET.open1688.wireMs } = options
  const http = createUpstreamHttp({ ...options, timeoutMs })
  const gateway = createGateway({ ...options, http, accessToken, refreshToken })

  return {
    name: 'open1688',
    creditsPerCall: 0,
    creditsPerCheck: 0,
    index: null,
    pictures: createMatcher(gateway),
    keywords: {
      maxPageSize: MAX_PAGE_SIZE,
      filtersPrice: true,
      fetchByKeyword: (keyword, query, signal) => {
        const params = { offerQueryParam: JSON.stringify({ keyword, ...queryParam(query) }) }
        return gateway.call('keywordQuery', params, signal, body => parseQueryPage(body, query))
      },
    },
    fetchDetails: (offerId, signal) => {
      const params = { offerDetailParam: JSON.stringify({ offerId, country: COUNTRY }) }
      return gateway.call('productDetail', params, signal, body => {
        const details = parseDetails(body, offerId)
        if (details === null) throw new AppError(OFFER_GONE)
        return details
      })
    },
    checkAccess: signal => checkAccess(gateway, signal),
    close: async () => {
      await gateway.close()
      await http.close()
    },
  }
}

/**
 * There are two ways, granted one by one: an upload whose id is then queried, and a query by the picture's public address. The first tells more and is
 * taken until it turns out not to be granted.
 */
function createMatcher(gateway: Gateway): PictureMatcher {
  const canUpload = () => !gateway.isDeclined('uploadPicture') && !gateway.isDeclined('imageQuery')
  const canTakeUrl = (url: string | null) => url !== null && !gateway.isDeclined('similarOffers')

  const upload = async (picture: QueryPicture, signal: AbortSignal): Promise<Reported<string>> => {
    const small = await picture.small()
    const params = { uploadImageParam: JSON.stringify({ imageBase64: Buffer.from(small).toString('base64') }) }
    return gateway.call('uploadPicture', params, signal, body => {
      const pictureId = parsePictureId(body)
      if (pictureId === null) throw new AppError(PICTURE_NOT_TAKEN)
      return formatHandle({ pictureId, url: picture.url })
    })
  }

  return {
    maxPageSize: MAX_PAGE_SIZE,
    handleTtlMs: HANDLE_TTL_MS,
    handleOf: ({ url }) => (!canUpload() && canTakeUrl(url) ? formatHandle({ pictureId: null, url }) : null),
    register: async (picture, signal) => {
      try {
        return await upload(picture, signal)
      } catch (error) {
        if (!isDecline(error) || !canTakeUrl(picture.url)) throw error
        return { value: formatHandle({ pictureId: null, url: picture.url }), report: error.report }
      }
    },
    fetchMatches: async (handle, query, signal) => {
      const picture = parseHandle(handle)
      try {
        return await fetchPage(gateway, picture, query, signal)
      } catch (error) {
        const wasQuery = picture.pictureId !== null && gateway.isDeclined('imageQuery')
        if (!isDecline(error) || !wasQuery || !canTakeUrl(picture.url)) throw error
        // The next try goes the other way.
        throw new CallError(partsOf(error), { ...error.report, retryAfterMs: 0 })
      }
    },
  }
}

function fetchPage(
  gateway: Gateway,
  { pictureId, url }: KnownPicture,
  query: FoundQuery,
  signal: AbortSignal,
): Promise<Reported<FoundPage>> {
  const { page, pageSize } = query
  if (pictureId === null || (url !== null && gateway.isDeclined('imageQuery'))) {
    const params = { picUrl: url ?? '', page: String(page), pageSize: String(pageSize) }
    return gateway.call('similarOffers', params, signal, body => parseSimilarPage(body, query))
  }
  const params = { offerQueryParam: JSON.stringify({ imageId: pictureId, ...queryParam(query) }) }
  return gateway.call('imageQuery', params, signal, body => parseQueryPage(body, query))
}

function queryParam({ page, pageSize, maxPrice }: FoundQuery) {
  return {
    beginPage: page,
    pageSize,
    country: COUNTRY,
    ...(maxPrice === undefined ? {} : { priceEnd: String(maxPrice) }),
  }
}

function isDecline(error: unknown): error is CallError & { report: { kind: 'answered' } } {
  return error instanceof CallError && error.report.kind === 'answered' && error.report.status === DECLINED
}
