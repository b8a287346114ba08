/** Answers requests for the pictures of imported and sample offers. */
import type { ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { AppError } from '../../errors.ts'
import { PICTURE_SIDE, type PictureAddresses } from './picture-addresses.ts'

/** About 60 kB each. */
const MAX_KEPT = 100

const CACHE_S = 86_400

export interface PicturePageDeps {
  addresses: Pick<PictureAddresses, 'open'>
  /** As the owner sees the offer; `null` if it is not there, or its picture already has an address. */
  readPicture(owner: string, offerId: string): Promise<{ reference: string; bytes: () => Promise<Uint8Array> } | null>
  /** As WebP, `side` pixels on the longer side. */
  shrink(bytes: Uint8Array, side: number): Promise<Uint8Array>
}

/**
 * @param url of the request, whose path begins with PICTURES_PATH.
 * @param isActive whether the owner may still call.
 */
export type PicturePage = (
  response: ServerResponse,
  url: URL,
  isActive: (owner: string) => Promise<boolean>,
) => Promise<void>

export function createPicturePage({ addresses, readPicture, shrink }: PicturePageDeps): PicturePage {
  const kept = new LRUCache<string, Uint8Array>({ max: MAX_KEPT })

  const find = async (url: URL, isActive: (owner: string) => Promise<boolean>): Promise<Uint8Array | null> => {
    const signed = await addresses.open(url.pathname, url.searchParams)
    if (signed === null || !(await isActive(signed.owner))) return null
    const picture = await readPicture(signed.owner, signed.offerId)
    if (picture === null) return null
    const known = kept.get(picture.reference)
    if (known !== undefined) return known
    const shrunk = await shrink(await picture.bytes(), PICTURE_SIDE)
    kept.set(picture.reference, shrunk)
    return shrunk
  }

  return async (response, url, isActive) => {
    const { method } = response.req
    if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, null)
    const bytes = await find(url, isActive).catch((error: unknown) => {
      if (error instanceof AppError && error.code.startsWith('picture_')) return null
      throw error
    })
    answer(response, bytes === null ? 404 : 200, bytes)
  }
}

/** 404 for whatever is wrong, so that nobody learns which offers others have. */
function answer(response: ServerResponse, status: number, bytes: Uint8Array | null): void {
  if (response.destroyed || response.headersSent) return
  const body = bytes ?? Buffer.from(status === 404 ? 'No picture is at this address.' : 'Only GET.')
  response.writeHead(status, {
    'content-type': bytes === null ? 'text/plain; charset=utf-8' : 'image/webp',
    'content-length': body.length,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': bytes === null ? 'no-store' : `private, max-age=${CACHE_S}`,
    // Chats and buyers' own pages show it.
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    ...(response.req.complete ? {} : { connection: 'close' }),
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
