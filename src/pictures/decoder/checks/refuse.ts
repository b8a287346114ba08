import type { AppError } from '../../../errors.ts'
import { unreadable } from '../../failures.ts'

/** @param what such as `2,812 scans`, from our own counting. */
export function overloaded(what: string): AppError {
  return unreadable(
    `The picture file holds ${what}, more than any camera or program writes.`,
    'Open it, save it again as JPEG or PNG, and pass the new file.',
  )
}
