/** The words of pictures that arrived but cannot be decoded. */
import { AppError } from '../errors.ts'

/** The kinds of picture that are read, for messages and hints. */
export const READ_KINDS = 'JPEG, PNG, WebP, GIF or AVIF'

/** A picture that cannot be compared: `picture_unreadable`. */
export function unreadable(message: string, hint = `Pass a picture that is ${READ_KINDS}.`, cause?: unknown): AppError {
  return new AppError({ code: 'picture_unreadable', message, hint, cause })
}

/** A picture that was not decoded within its time. */
export function tookTooLong(cause?: unknown): AppError {
  return unreadable('The picture took too long to decode.', 'Pass a smaller copy, saved as JPEG or PNG.', cause)
}
