/** Reads a picture safely from what a person passes: an address, a data: URL, a path, or the name of a sample picture. */
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, throwIfAborted } from '../errors.ts'
import { createAddressGuard } from '../net/address-guard.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { formatBytes, refused, tooLarge, wrongMediaType } from './failures.ts'
import { createPictureFetcher, type PictureFetcherOptions } from './fetch.ts'
import { readPictureFile } from './file.ts'
import { smallPictureUrl } from './small-url.ts'

/** A picture file as it came; whether it is one is for the decoder to say. */
export interface Picture {
  bytes: Uint8Array
  /** Of the bytes, in hexadecimal. */
  sha256: string
  /** The reference for echoing, at most 200 characters, without secrets: an address, a file's name, `data:image/png (34 kB)`. */
  label: string
  /** The public address that it came from; `null` for any other reference, and for an address that only this network knows. */
  url: string | null
  /** A JPEG or PNG of at most 300 kB, for an upload. @throws AppError `picture_unreadable`. */
  small(): Promise<Uint8Array>
}

export interface ReadOptions {
  /**
   * Whether 1688's own small copy (220 pixels) will do: it is asked for first, the original where that fails. For photos of
   * the catalogue, which come by the hundred; a query stays at full size, for its crops gain from the pixels. Default false.
   */
  preferSmall?: boolean
}

/** Reads pictures; made by {@link createPictureReader}. */
export interface PictureReader {
  /**
   * Reads what `reference` names: an http(s) address, a base64 data: URL, `sample:<file>.webp`, or a path where allowed.
   * @throws AppError `invalid_input` for a reference of no such kind, `picture_refused` for one that the rules forbid,
   * `picture_unreachable`, `picture_unreadable` for what is clearly no picture or too large, `cancelled`.
   */
  read(reference: string, signal?: AbortSignal, options?: ReadOptions): Promise<Picture>
  /** Ends all fetches and connections. */
  close(): Promise<void>
}

export interface PictureReaderOptions extends Partial<PictureFetcherOptions> {
  /** The folder of the embedded sample catalogue's pictures. */
  sampleDir: string
  /** Whether local paths are read: only where the caller is at this machine (stdio, command line). */
  allowFiles: boolean
}

/** The largest picture file read, in bytes. */
export const MAX_PICTURE_BYTES = 10_000_000
const MAX_LABEL = 200
const PASS_ADDRESS =
  'Pass an http(s):// address, a base64 data: URL, sample:<name>.webp, or, over stdio and on the command line, a path.'
const BASE64_HEAD = 'Write data:image/jpeg;base64, (or png, webp, gif) before it.'

/** Makes a reader. Touches no file and no socket before the first read. */
export function createPictureReader(options: PictureReaderOptions): PictureReader {
  const { sampleDir, allowFiles, maxBytes = MAX_PICTURE_BYTES, timeoutMs = CALL_BUDGET.picture.callerMs } = options
  const fetcher = createPictureFetcher({ ...options, maxBytes, timeoutMs })
  const guard = createAddressGuard(options)

  const fetchPicture = async (address: string, signal?: AbortSignal, preferSmall?: boolean): Promise<Picture> => {
    const url = parseAddress(address)
    const small = preferSmall ? smallPictureUrl(url) : url
    const bytes = await fetcher.fetch(small === url ? [url] : [small, url], signal)
    return { ...toPicture(bytes, url.href), url: guard.check(url) === 'public' ? url.href : null }
  }
  const readFile = async (path: string): Promise<Picture> => {
    if (!allowFiles) {
      throw refused('A local file is only read over stdio and by the command line, not over HTTP.', PASS_ADDRESS)
    }
    // On Windows, merely opening one sends this account's credentials to whoever it names.
    if (/^[\\/]{2}/.test(path)) throw refused('A network path is not read.', 'Copy the file here and pass its path.')
    return toPicture(await readPictureFile(path, maxBytes), basename(path))
  }

  return {
    async read(reference, signal, { preferSmall } = {}) {
      throwIfAborted(signal)
      const trimmed = reference.trim()
      if (/^https?:/i.test(trimmed)) return fetchPicture(trimmed, signal, preferSmall)
      if (/^data:/i.test(trimmed)) return readDataUrl(trimmed, maxBytes)
      if (/^sample:/i.test(trimmed)) return toPicture(await readSample(trimmed, sampleDir, maxBytes), trimmed)
      if (/^file:/i.test(trimmed)) return readFile(pathOfFileUrl(trimmed))
      if (trimmed.startsWith('~')) throw invalid('A path with ~ is not expanded here.', 'Write the path in full.')
      // The first letters of JPEG, PNG, WebP and GIF; a slash among them would pass for a path.
      if (/^(?:\/9j\/|iVBORw0K|UklGR|R0lGOD)[^.:]{100}/.test(trimmed))
        throw invalid('That is base64 without the head of a data: URL.', BASE64_HEAD)
      if (isPath(trimmed)) return readFile(trimmed)
      throw invalid(trimmed === '' ? 'The reference to the picture is empty.' : 'That does not refer to a picture.')
    },
    close: () => fetcher.close(),
  }
}

function toPicture(bytes: Uint8Array, label: string): Picture {
  const letters = Array.from(label.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, ''))
  const short = letters.length > MAX_LABEL ? `${letters.slice(0, MAX_LABEL - 1).join('')}…` : letters.join('')
  return {
    bytes,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    label: short,
    url: null,
    small: async () => (await import('./decoder/shrink.ts')).shrinkPicture(bytes),
  }
}

function parseAddress(address: string): URL {
  if (!URL.canParse(address)) throw invalid('The address of the picture is not a valid URL.')
  return new URL(address)
}

function readDataUrl(dataUrl: string, maxBytes: number): Picture {
  const comma = dataUrl.indexOf(',')
  const head = /^data:([^,;]*)[^,]*;\s*base64$/i.exec(dataUrl.slice(0, Math.max(comma, 0)))
  if (!head) throw invalid('The data: URL is not base64.')
  const mediaType = head[1] ?? ''
  const wrong = wrongMediaType(mediaType)
  if (wrong) throw wrong
  const base64 = unescaped(dataUrl.slice(comma + 1)).replaceAll(/\s+/g, '')
  const expectedBytes = Buffer.byteLength(base64, 'base64')
  if (expectedBytes > maxBytes) throw tooLarge(maxBytes)
  const bytes = Buffer.from(base64, 'base64')
  // Node skips foreign characters, which shows in the length; a pattern over 13 MB would hold the process for 0.1 s.
  if (bytes.length !== expectedBytes) throw invalid('The data: URL holds characters that are not base64.')
  const kind = /^image\/[a-z0-9.+-]{1,20}$/i.test(mediaType) ? mediaType.toLowerCase() : ''
  return toPicture(bytes, `data:${kind} (${formatBytes(bytes.length)})`)
}

/** A URL may have its `+`, `/` and `=` percent-encoded; what is no such text is left for the caller to refuse. */
function unescaped(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text
  } catch {
    return text
  }
}

async function readSample(reference: string, sampleDir: string, maxBytes: number): Promise<Uint8Array> {
  const file = reference.slice('sample:'.length)
  if (!/^[a-z0-9-]+\.webp$/.test(file)) throw invalid('A sample picture is written sample:<name>.webp.')
  return readPictureFile(join(sampleDir, file), maxBytes)
}

function pathOfFileUrl(fileUrl: string): string {
  try {
    return fileURLToPath(fileUrl)
  } catch {
    throw invalid('The file: URL does not name a file of this machine.')
  }
}

/** Whether words without a scheme look like a path. A letter and a colon are a drive; two letters and more are a scheme. */
function isPath(reference: string): boolean {
  if (/^[a-z][a-z\d+.-]+:/i.test(reference)) return false
  return /[\\/]/.test(reference) || /\.(jpe?g|png|webp|gif|avif)$/i.test(reference)
}

function invalid(message: string, hint = PASS_ADDRESS): AppError {
  return new AppError({ code: 'invalid_input', message, hint })
}
