/** Picture files that a sheet names. A sheet comes from somebody else, so it can name only files of one folder. */
import { realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AppError, invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'

/** `C:\a.jpg` and `C:a.jpg`, which mean different files on different computers. */
const DRIVE = /^[a-z]:/i

/**
 * The file: URL of the regular file that `text` names relative to `folder`, with links followed. A backslash separates
 * folders on every platform, since sheets travel.
 * @throws AppError `invalid_input` if there is no such file, or if it is not under `folder`.
 */
export async function findPictureFile(text: string, folder: string): Promise<string> {
  const named = /^file:/i.test(text) ? pathOfUrl(text) : relativePath(text)
  const file = path.resolve(folder, named)
  // Before the file system is asked: on Windows even looking at \\host\share hands out the user's credentials.
  if (!isUnder(path.resolve(folder), file)) throw outside(text)
  try {
    const real = await realpath(file)
    if (!isUnder(await realpath(folder), real)) throw outside(text)
    if ((await stat(real)).isFile()) return pathToFileURL(real).href
  } catch (error) {
    if (error instanceof AppError) throw error
  }
  throw refusal(`Picture file not found: ${quoted(text)}.`)
}

function relativePath(text: string): string {
  if (DRIVE.test(text) || /^[\\/]/.test(text)) throw outside(text)
  return text.replaceAll('\\', '/')
}

/** A host in the URL is an error everywhere but on Windows, where the path then begins with it. */
function pathOfUrl(text: string): string {
  try {
    return fileURLToPath(text)
  } catch {
    throw outside(text)
  }
}

function isUnder(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative)
}

function outside(text: string): AppError {
  return refusal(`Picture file outside the folder of the pictures: ${quoted(text)}.`)
}

function refusal(message: string): AppError {
  return invalidInput(message, 'Name the file relative to the folder of the sheet, or to --pictures FOLDER.')
}
