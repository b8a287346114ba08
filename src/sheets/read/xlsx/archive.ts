/** The parts of a ZIP file: each is a stream, found by name without unpacking the others. */
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { AppError } from '../../../errors.ts'
import { unreadable } from '../table.ts'
import { type Budget, checkRatio, tooMuch } from './budget.ts'

/** 10,000 rows with a few pictures each. */
const MAX_PARTS = 100_000
/** The most that a picture may have anywhere in this program. */
const MAX_PICTURE_BYTES = 25_000_000

export interface Archive {
  has(name: string): boolean
  /** Names of all parts, in lower case. */
  names(): Iterable<string>
  /** The unpacked bytes, counted in the budget. @throws AppError `invalid_input` if the part is missing or damaged. */
  read(name: string): AsyncIterable<Uint8Array>
  readPicture(name: string): Promise<Uint8Array>
  close(): void
}

/** @throws AppError `invalid_input` if the file is damaged or has too many parts. */
export async function openArchive(file: string, budget: Budget): Promise<Archive> {
  const zip = await openPromise(file, { autoClose: false }).catch((error: unknown) => {
    throw unreadable('a damaged spreadsheet', error)
  })
  try {
    const entries = await listEntries(zip)
    const find = (name: string): Entry => {
      const entry = entries.get(name.toLowerCase())
      if (entry === undefined) throw unreadable('a damaged spreadsheet (a part is missing)')
      return entry
    }
    return {
      has: name => entries.has(name.toLowerCase()),
      names: () => entries.keys(),
      read: name => readEntry(zip, find(name), budget.unpacked),
      readPicture: name => readPicture(zip, find(name), budget),
      close: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw asUnreadable(error)
  }
}

/** By name in lower case: writers disagree on it. */
async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  if (zip.entryCount > MAX_PARTS) throw tooMuch(`it has ${zip.entryCount} parts`)
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase()
    if (!entries.has(name)) entries.set(name, entry)
  }
  return entries
}

async function* readEntry(zip: ZipFile, entry: Entry, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) throw unreadable('protected by a password')
  let unpacked = 0
  try {
    // Node does not type the chunks of a stream.
    const chunks: AsyncIterable<unknown> = await zip.openReadStreamPromise(entry)
    for await (const chunk of chunks) {
      if (!(chunk instanceof Uint8Array)) continue
      unpacked += chunk.length
      count(chunk.length)
      checkRatio(unpacked, entry.compressedSize)
      yield chunk
    }
  } catch (error) {
    throw asUnreadable(error)
  }
}

async function readPicture(zip: ZipFile, entry: Entry, budget: Budget): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of readEntry(zip, entry, budget.picture)) {
    size += chunk.length
    if (size > MAX_PICTURE_BYTES) throw tooMuch(`a picture in it has more than ${MAX_PICTURE_BYTES / 1_000_000} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function asUnreadable(error: unknown): AppError {
  return error instanceof AppError ? error : unreadable('a damaged spreadsheet', error)
}
