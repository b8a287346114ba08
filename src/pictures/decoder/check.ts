/** Refuses files by their bytes, before a decoder sees them. */
import { tooLarge } from '../failures.ts'
import { assertPicture } from './kind.ts'

const MAX_BYTES = 10_000_000

/** @throws AppError `picture_unreadable`. */
export function checkPicture(bytes: Uint8Array): void {
  if (bytes.length > MAX_BYTES) throw tooLarge(MAX_BYTES)
  assertPicture(bytes)
}
