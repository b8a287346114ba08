import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { AppError } from '../errors.ts'
import { cleanText, quoted } from '../offers/text.ts'
import { refused, tooLarge, unreachable } from './failures.ts'

/**
 * @throws AppError `picture_refused` for a device, pipe, socket or directory, `picture_unreadable` for a file of more
 * than `maxBytes`, `picture_unreachable` if it cannot be opened.
 */
export async function readPictureFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openForReading(path)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw refused(`${quoted(path)} is not a regular file.`, 'Pass the path of a picture file.')
    if (stat.size > maxBytes) throw tooLarge(maxBytes)
    // Limited to the size just seen: a file may grow meanwhile, and one under /proc may be endless.
    if (stat.size === 0) return new Uint8Array()
    return await buffer(handle.createReadStream({ start: 0, end: stat.size - 1, autoClose: false }))
  } finally {
    await handle.close()
  }
}

const MAX_PATH_CHARS = 200

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // The real path has no links, so NOFOLLOW catches one created in between; NONBLOCK keeps a pipe from hanging.
    return await open(await realpath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    throw fileNotFound(path, cause)
  }
}

export function fileNotFound(path: string, cause?: unknown): AppError {
  const message = `No readable file at ${cleanText(path, MAX_PATH_CHARS) ?? 'that path'} on this computer.`
  const hint =
    'Pass the full path, an https:// URL or a data: URL. A relative path starts in the folder the server was started in, ' +
    'and a picture attached to a chat is not on this computer.'
  return unreachable(message, hint, { cause })
}
