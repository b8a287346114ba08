/** Recognises an offer in place of a picture: its ID, or a link to its listing. */
import { isOfferId, parseOfferId } from '../../offers/id/offer-id.ts'

const NAMED_ID = /^(?:mcp-1688:\/\/offers\/|(?:offer(?:[\s_-]?id)?|id)\s*[:=#]?\s*)([1-9]\d{4,18})$/i

/** Longer texts are not links. */
const MAX_CHARS = 4_000

const MAY_HOLD_LINK = /1688\.com|1688:\/\/|https?:\/\//i

/** Of a picture, also where 1688 is named elsewhere in its address. */
const PICTURE_ADDRESS = /\.(?:jpe?g|jfif|png|webp|gif|avif|heic|heif|bmp|tiff?)(?:[?#_!@]|$)/i

/** Links of 1688 that lead to an offer only in a browser. */
const LINKS_WITHOUT_ID = /\b(?:qr|dj)\.1688\.com\//i

/**
 * @param text a reference without what people put around it.
 * @returns `null` if it does not refer to an offer. @throws AppError `invalid_input` for a link of 1688 without an ID.
 */
export function offerIn(text: string): string | null {
  if (isOfferId(text)) return text
  const named = NAMED_ID.exec(text)?.[1]
  if (named !== undefined) return named
  if (text.length > MAX_CHARS || !MAY_HOLD_LINK.test(text) || PICTURE_ADDRESS.test(text)) return null
  try {
    return parseOfferId(text)
  } catch (error) {
    if (LINKS_WITHOUT_ID.test(text)) throw error
    return null
  }
}
