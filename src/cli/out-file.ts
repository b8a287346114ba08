import { access, open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { AppError, hasCode, invalidInput } from '../errors.ts'
import { cleanText } from '../offers/text.ts'

/** Of a path, in messages. */
const PATH_MAX_CHARS = 200

/** Changes nothing. @throws AppError `invalid_input` if the file cannot be written. */
export async function checkWritableFile(file: string): Promise<void> {
  const isNew = await access(file).then(
    () => false,
    () => true,
  )
  const handle = await open(file, 'a').catch((cause: unknown) => Promise.reject(notWritten(file, cause)))
  await handle.close()
  if (isNew) await rm(file)
}

type Content = string | Uint8Array | AsyncIterable<string>

/**
 * Writes a file for the user.
 * @throws AppError `invalid_input` if it cannot be written, `store_unavailable` if the disk is full; what `content`
 * throws, and an abort.
 */
export async function saveFile(file: string, content: Content, signal?: AbortSignal): Promise<void> {
  try {
    await replaceFile(file, content, { signal })
  } catch (cause) {
    throw cause instanceof Error && 'syscall' in cause ? notWritten(file, cause) : cause
  }
}

/**
 * Writes a file under another name first, so that the old one stays until the new one is complete. A symbolic link, for
 * example into a folder of dotfiles, stays a link.
 * @throws what the system and `content` throw, and an abort.
 */
export async function replaceFile(
  file: string,
  content: Content,
  options: { mode?: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const target = await realpath(file).catch(() => file)
  // A device such as /dev/stdout is written to, not replaced.
  const isFile = await stat(target).then(
    found => found.isFile(),
    () => true,
  )
  const draft = isFile ? `${target}.part` : target
  try {
    await writeFile(draft, content, options)
    if (isFile) await rename(draft, target)
  } catch (cause) {
    if (isFile) await rm(draft, { force: true })
    throw cause
  }
}

/** The disk, the user's quota or the limit for one file is reached. */
const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG']

function notWritten(file: string, cause: unknown): AppError {
  const name = cleanText(file, PATH_MAX_CHARS)
  if (hasCode(cause, ...FULL)) {
    return new AppError({
      code: 'store_unavailable',
      message: `Could not write ${name}: the disk or your quota is full.`,
      hint: 'Free some space, or choose a file on another disk.',
      retryable: true,
      cause,
    })
  }
  return invalidInput(`Cannot write ${name}.`, 'Choose a file in an existing folder that you may write to.', cause)
}
