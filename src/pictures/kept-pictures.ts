/** Pictures that came inside sheets: files of the data folder, named by their content, so that each is kept once. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { storeUnavailable } from '../store/unavailable.ts'
import { pictureKind } from './decoder/kind.ts'
import { MAX_PICTURE_BYTES, tooLarge } from './failures.ts'

export interface KeptPictures {
  /** The file: URL that the picture has once it is kept. @throws AppError `picture_unreadable` for another kind of file. */
  addressOf(bytes: Uint8Array): Promise<string>
  /** @returns its address. @throws AppError `picture_unreadable`, or `store_unavailable` if it cannot be written. */
  keep(bytes: Uint8Array): Promise<string>
  /** Whether it is the address of a picture that is kept, as exports name it. */
  isKept(address: string): Promise<boolean>
}

const ADDRESS = /^file:.*\/([\da-f]{64}\.[a-z]+)$/

/** The folder is created with the first picture. */
export function createKeptPictures(dataDir: string): KeptPictures {
  const folder = path.join(path.resolve(dataDir), 'sheet-pictures')
  const fileOf = (bytes: Uint8Array): string => {
    if (bytes.length > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES)
    const kind = pictureKind(bytes)
    return path.join(folder, `${createHash('sha256').update(bytes).digest('hex')}.${kind}`)
  }
  return {
    addressOf: async bytes => pathToFileURL(fileOf(bytes)).href,
    keep: async bytes => {
      const file = fileOf(bytes)
      try {
        if (!(await exists(file))) await writeWhole(file, bytes)
      } catch (cause) {
        throw storeUnavailable(file, cause)
      }
      return pathToFileURL(file).href
    },
    isKept: async address => {
      const file = path.join(folder, ADDRESS.exec(address)?.[1] ?? '')
      return pathToFileURL(file).href === address && (await exists(file))
    },
  }
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    found => found.isFile(),
    () => false,
  )
}

/** Under its name there is never a part of a picture. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const unfinished = `${file}.${randomUUID()}`
  try {
    await writeFile(unfinished, bytes, { flag: 'wx', mode: 0o600 })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}
