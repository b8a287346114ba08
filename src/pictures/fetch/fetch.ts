/** Fetches pictures over the network, also the main picture of a page: guarded, and limited in time and size. */
import { AppError, throwIfAborted } from '../../errors.ts'
import { limitTime } from '../../time/deadline.ts'
import type { PageFindings } from '../page/page.ts'
import { collect, isWebPage, peek } from './body.ts'
import { connectionFailed, notAPicture, pageWithoutPicture, tooSlow } from './fetch-failures.ts'
import { createHttpClient, type HttpClientOptions } from './http-client.ts'

export interface PictureFetcherOptions extends HttpClientOptions {
  /** For a whole fetch: redirects, further URLs, and a page with its picture. */
  timeoutMs: number
  /** Whether the main picture of a web page is fetched in its place. Default false. */
  readsPages?: boolean
}

export interface FetchedPicture {
  bytes: Uint8Array
  /** Where the picture itself is, before redirects. */
  url: URL
  /** The page that names it; `null` if none was asked for. */
  page: { host: string; title: string | null } | null
}

export interface PictureFetcher {
  /**
   * Fetches the first of `urls` that works.
   * @throws AppError `picture_refused`, `picture_unreachable`, `picture_unreadable` (for the last URL), `cancelled`.
   */
  fetch(urls: readonly URL[], signal?: AbortSignal): Promise<FetchedPicture>
  close(): Promise<void>
}

interface Page extends PageFindings {
  /** After redirects. */
  url: URL
}

export function createPictureFetcher(options: PictureFetcherOptions): PictureFetcher {
  const { maxBytes, timeoutMs, readsPages = false } = options
  const client = createHttpClient(options)

  const read = async (url: URL, signal: AbortSignal, mayBePage: boolean): Promise<FetchedPicture | Page> => {
    const answer = await client.get(url, signal)
    const { head, chunks } = await peek(answer.body)
    if (!isWebPage(head, answer.contentType)) return { bytes: await collect(chunks, maxBytes), url, page: null }
    if (mayBePage) {
      const { readPage } = await import('../page/page.ts')
      return { ...(await readPage(chunks, answer.url, answer.contentType)), url: answer.url }
    }
    answer.body.destroy()
    throw notAPicture()
  }

  /** The first picture of `urls`; otherwise the first page, or the last failure. */
  const readFirst = async (
    urls: readonly URL[],
    signal: AbortSignal,
    mayBePage: boolean,
  ): Promise<FetchedPicture | Page> => {
    let page: Page | null = null
    let failure: unknown
    for (const url of urls) {
      try {
        const found = await read(url, signal, mayBePage)
        if ('bytes' in found) return found
        page ??= found
      } catch (error) {
        if (signal.aborted) throw error
        failure = error instanceof AppError ? error : connectionFailed(error, maxBytes)
      }
    }
    if (page !== null) return page
    throw failure
  }

  const fetchWithin = async (urls: readonly URL[], signal: AbortSignal): Promise<FetchedPicture> => {
    const found = await readFirst(urls, signal, readsPages)
    if ('bytes' in found) return found
    const { url, title, pictures } = found
    if (pictures.length === 0) throw pageWithoutPicture(url)
    const picture = await readFirst(pictures, signal, false)
    if (!('bytes' in picture)) throw notAPicture()
    return { ...picture, page: { host: url.host, title } }
  }

  return {
    async fetch(urls, signal) {
      const limit = limitTime(timeoutMs, signal)
      try {
        return await fetchWithin(urls, limit.signal)
      } catch (error) {
        throwIfAborted(signal)
        throw limit.isOver() ? tooSlow(timeoutMs, error) : error
      } finally {
        limit.forget()
      }
    },
    close: client.close,
  }
}
