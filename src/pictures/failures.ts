/** Failures that several ways of reading a picture share. */
import { AppError } from '../errors.ts'

export const SMALLER_HINT = 'Pass a smaller copy; 1000 pixels on the longer side are more than enough.'

/** The end of a hint. */
export const ANOTHER_PICTURE = 'another picture, or the picture itself as a base64 data: URL'

export const READABLE_FORMATS = 'JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF or BMP'

/** A photo of 50 megapixels. */
export const MAX_PICTURE_BYTES = 25_000_000

export function refused(message: string, hint = `Pass ${ANOTHER_PICTURE}.`): AppError {
  return new AppError({ code: 'picture_refused', message, hint })
}

export function unreachable(
  message: string,
  hint: string,
  more: { retryable?: boolean; cause?: unknown } = {},
): AppError {
  return new AppError({ code: 'picture_unreachable', message, hint, ...more })
}

export function unreadable(
  message: string,
  hint = `Pass the picture as ${READABLE_FORMATS}.`,
  cause?: unknown,
): AppError {
  return new AppError({ code: 'picture_unreadable', message, hint, cause })
}

export function tookTooLong(cause?: unknown): AppError {
  return unreadable('The picture took too long to decode.', 'Pass a smaller copy, saved as JPEG or PNG.', cause)
}

export function tooLarge(maxBytes: number): AppError {
  return new AppError({
    code: 'picture_unreadable',
    message: `The picture file is larger than the limit of ${formatBytes(maxBytes)}.`,
    hint: SMALLER_HINT,
  })
}

/**
 * Returns an error if the media type cannot be a picture's. Tolerates a missing or general type: the decoder recognises
 * pictures by their bytes.
 * @param mediaType a Content-Type or the media type of a data: URL.
 */
export function wrongMediaType(mediaType: string): AppError | undefined {
  const isPage = /^\s*(text\/html|application\/xhtml)/i.test(mediaType)
  if (!isPage && !/^\s*(text|audio|video)\/|^\s*application\/(json|xml|pdf|zip)/i.test(mediaType)) return undefined
  return new AppError({
    code: 'picture_unreadable',
    message: isPage ? 'This is a web page, not a picture.' : 'This is another kind of file, not a picture.',
    hint: `Open the picture itself and pass its URL; it must be ${READABLE_FORMATS}.`,
  })
}

/** In decimal units: `34 kB`, `10 MB`. */
export function formatBytes(bytes: number): string {
  return bytes < 999_500 ? `${Math.ceil(bytes / 1000)} kB` : `${Number((bytes / 1_000_000).toFixed(1))} MB`
}
