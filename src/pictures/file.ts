/** Reads a picture from the local disk: regular files of a sensible size, by their real path. */
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { refused, tooLarge, unreachable } from './failures.ts'

/**
 * Reads a regular file of at most `maxBytes` bytes.
 * @throws AppError `picture_refused` for a device, pipe, socket or directory, `picture_unreadable` for one that is too large,
 * `picture_unreachable` where nothing can be read.
 */
export async function readPictureFile(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openForReading(path)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw refused('That path does not name a regular file.', 'Pass the path of a picture file.')
    if (stat.size > maxBytes) throw tooLarge(maxBytes)
    // Bounded by the size just seen: a file that grows meanwhile, or one under /proc that has no end, is not followed.
    if (stat.size === 0) return new Uint8Array()
    return await buffer(handle.createReadStream({ start: 0, end: stat.size - 1, autoClose: false }))
  } finally {
    await handle.close()
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    // The real path has no links left, so NOFOLLOW catches one that is put there in between; NONBLOCK keeps a pipe from hanging.
    return await open(await realpath(path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const hint =
      'Pass the whole path, for a relative one begins where the server was started; a web address starts with https://.'
    throw unreachable('There is no such picture file, or it may not be read.', hint, { cause })
  }
}
