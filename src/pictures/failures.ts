/** The words of the failures that all ways to a picture share. */
import { AppError } from '../errors.ts'

/** What to pass instead, for the end of a hint. */
export const ANOTHER_PICTURE = 'another picture, or the picture itself as a base64 data: URL'

/** A reference that the rules forbid: `picture_refused`. */
export function refused(message: string, hint = `Pass ${ANOTHER_PICTURE}.`): AppError {
  return new AppError({ code: 'picture_refused', message, hint })
}

/** A picture that exists elsewhere or not at all: `picture_unreachable`. */
export function unreachable(
  message: string,
  hint: string,
  more: { retryable?: boolean; cause?: unknown } = {},
): AppError {
  return new AppError({ code: 'picture_unreachable', message, hint, ...more })
}

/** The kinds of picture that are read, for messages and hints. */
export const READABLE_FORMATS = 'JPEG, PNG, WebP, GIF or AVIF'

/** A picture that cannot be compared: `picture_unreadable`. */
export function unreadable(
  message: string,
  hint = `Pass a picture that is ${READABLE_FORMATS}.`,
  cause?: unknown,
): AppError {
  return new AppError({ code: 'picture_unreadable', message, hint, cause })
}

/** A picture that was not decoded within its time. */
export function tookTooLong(cause?: unknown): AppError {
  return unreadable('The picture took too long to decode.', 'Pass a smaller copy, saved as JPEG or PNG.', cause)
}

/** A picture file of more than `maxBytes` bytes: `picture_unreadable`. */
export function tooLarge(maxBytes: number): AppError {
  return new AppError({
    code: 'picture_unreadable',
    message: `The picture is larger than the ${formatBytes(maxBytes)} that are read.`,
    hint: 'Pass a smaller copy: 1000 pixels on the longer side are more than enough.',
  })
}

/**
 * The `picture_unreadable` error of a media type that cannot be a picture's, or `undefined`. Kind to servers that name no
 * type or a general one: what the bytes are is for the decoder to say.
 * @param mediaType a Content-Type or the head of a data: URL.
 */
export function wrongMediaType(mediaType: string): AppError | undefined {
  const isPage = /^\s*(text\/html|application\/xhtml)/i.test(mediaType)
  if (!isPage && !/^\s*(text|audio|video)\/|^\s*application\/(json|xml|pdf|zip)/i.test(mediaType)) return undefined
  return new AppError({
    code: 'picture_unreadable',
    message: isPage ? 'That is a web page, not a picture.' : 'That is a file of another kind, not a picture.',
    hint: 'Open the picture alone and pass the address of the picture itself (JPEG, PNG, WebP, GIF or AVIF).',
  })
}

/** A size for people, in decimal units: `34 kB`, `10 MB`. */
export function formatBytes(bytes: number): string {
  return bytes < 999_500 ? `${Math.ceil(bytes / 1000)} kB` : `${Number((bytes / 1_000_000).toFixed(1))} MB`
}
