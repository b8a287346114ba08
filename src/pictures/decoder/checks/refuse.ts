import type { AppError } from '../../../errors.ts'
import { unreadable } from '../../failures.ts'

/** @param what such as `more than 2000 frames`, from our own counting. */
export function overloaded(what: string): AppError {
  return unreadable(
    `The picture file holds ${what}, which no camera or program writes.`,
    'Open it, save it again as JPEG or PNG, and pass the new file.',
  )
}
