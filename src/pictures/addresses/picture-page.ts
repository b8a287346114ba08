/** Answers requests for the pictures of imported and sample offers. */
import type { ServerResponse } from 'node:http'
import { LRUCache } from 'lru-cache'
import { AppError } from '../../errors.ts'
import { answerPage } from '../../net/page-answer.ts'
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
    if (method !== 'GET' && method !== 'HEAD') return answerPage(response, 405, 'text/plain', 'Only GET.')
    const bytes = await find(url, isActive).catch((error: unknown) => {
      if (error instanceof AppError && error.code.startsWith('picture_')) return null
      throw error
    })
    // For whatever is wrong, so that nobody learns which offers others have.
    if (bytes === null) return answerPage(response, 404, 'text/plain', 'No picture is at this address.')
    answerPage(response, 200, 'image/webp', bytes, {
      'cache-control': `private, max-age=${CACHE_S}`,
      // Chats and buyers' own pages show it.
      'cross-origin-resource-policy': 'cross-origin',
    })
  }
}
