/** Pictures that came inside sheets: files of the data folder, named by their content, so that each is kept once. */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type AppError, invalidInput } from '../errors.ts'
import { isKeptName } from '../offers/picture-name.ts'
import { storeUnavailable } from '../store/unavailable.ts'
import { pictureKind } from './decoder/kind.ts'
import { formatBytes, MAX_PICTURE_BYTES, tooLarge } from './failures.ts'

export interface KeptPictures {
  readonly folder: string
  /** The file: URL that the picture has once it is kept. @throws AppError `picture_unreadable` for another kind of file. */
  addressOf(bytes: Uint8Array): Promise<string>
  /** @returns its address. @throws AppError `picture_unreadable`, or `store_unavailable` if it cannot be written. */
  keep(bytes: Uint8Array): Promise<string>
  /** Whether it is the address of a picture that is kept, as exports name it. */
  isKept(address: string): Promise<boolean>
}

/** The folder is created with the first picture. @param account whose they are; `null` for the user of this computer. */
export function createKeptPictures(dataDir: string, account: string | null = null): KeptPictures {
  const shared = sharedFolder(dataDir)
  const folder = account === null ? shared : path.join(shared, account.replaceAll(/[^\w]/g, '-'))
  const fileOf = (bytes: Uint8Array): string => {
    if (bytes.length > MAX_PICTURE_BYTES) throw tooLarge(MAX_PICTURE_BYTES)
    const kind = pictureKind(bytes)
    return path.join(folder, `${createHash('sha256').update(bytes).digest('hex')}.${kind}`)
  }
  return {
    folder,
    addressOf: async bytes => pathToFileURL(fileOf(bytes)).href,
    keep: async bytes => {
      const file = fileOf(bytes)
      try {
        if (!(await wasTouched(file))) await writeWhole(file, bytes)
      } catch (cause) {
        throw storeUnavailable(file, cause)
      }
      return pathToFileURL(file).href
    },
    isKept: async address => {
      const name = address.slice(address.lastIndexOf('/') + 1)
      const file = path.join(folder, name)
      return isKeptName(name) && pathToFileURL(file).href === address && (await exists(file))
    },
  }
}

/**
 * Keeps no more than `most` bytes.
 * @param stored of all files that share the room: asked when the first picture comes.
 */
export function withinBytes(kept: KeptPictures, most: number, stored: () => Promise<number | null>): KeptPictures {
  let used: number | null = null
  return {
    ...kept,
    async keep(bytes) {
      used ??= (await stored()) ?? 0
      const isKept = await exists(fileURLToPath(await kept.addressOf(bytes)))
      if (!isKept && used + bytes.length > most) throw picturesFull(most)
      const address = await kept.keep(bytes)
      if (!isKept) used += bytes.length
      return address
    },
  }
}

/** How much all kept pictures take up but these. */
export async function bytesBeside({ folder }: KeptPictures, these: ReadonlySet<string>): Promise<number> {
  const names = await readdir(folder).catch((): string[] => [])
  let bytes = 0
  for (const name of names) {
    const file = path.join(folder, name)
    if (!these.has(pathToFileURL(file).href)) bytes += (await stat(file).catch(() => null))?.size ?? 0
  }
  return bytes
}

/** Deletes the pictures of an account that none of its offers has. */
export async function forgetPictures({ folder }: KeptPictures, except: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  for (const name of names) {
    const file = path.join(folder, name)
    if (!except.has(pathToFileURL(file).href)) await rm(file, { force: true })
  }
}

/** Deletes kept pictures, but for those kept again since `since`, in milliseconds since 1970. */
export async function deleteKept(addresses: Iterable<string>, since: number): Promise<void> {
  for (const address of addresses) {
    const file = fileURLToPath(address)
    const found = await stat(file).catch(() => null)
    if (found?.isFile() && found.mtimeMs < since) await rm(file, { force: true })
  }
}

/** Whether a picture with this address came inside a sheet, of any account. */
export function isKeptAddress(dataDir: string, address: string): boolean {
  const start = `${pathToFileURL(sharedFolder(dataDir)).href}/`
  if (!address.startsWith(start)) return false
  const [name = '', account, ...more] = address.slice(start.length).split('/').reverse()
  return isKeptName(name) && (account === undefined || /^[\w-]+$/.test(account)) && more.length === 0
}

function sharedFolder(dataDir: string): string {
  return path.join(path.resolve(dataDir), 'sheet-pictures')
}

function picturesFull(most: number): AppError {
  return invalidInput(
    `the ${formatBytes(most)} for pictures and exports are used up.`,
    'Name pictures by http(s) address, or remove offers.',
  )
}

async function exists(file: string): Promise<boolean> {
  return await stat(file).then(
    found => found.isFile(),
    () => false,
  )
}

/** @returns whether it exists. Another process may be about to delete it, and then sees that it is wanted again. */
async function wasTouched(file: string): Promise<boolean> {
  const now = new Date()
  if (!(await exists(file))) return false
  return utimes(file, now, now).then(
    () => true,
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
