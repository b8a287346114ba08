/** Reads pictures safely from what people pass: a URL, a data: URL, a path, or the name of a sample picture. */
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError, throwIfAborted } from '../errors.ts'
import { createAddressGuard } from '../net/address-guard.ts'
import { quoted } from '../offers/text.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { formatBytes, refused, tooLarge, wrongMediaType } from './failures.ts'
import { createPictureFetcher, type PictureFetcherOptions } from './fetch.ts'
import { readPictureFile } from './file.ts'
import { smallPictureUrl } from './small-url.ts'

/** A file that has not been decoded yet, so it may not be a picture. */
export interface Picture {
  bytes: Uint8Array
  /** Of the bytes, in hexadecimal. */
  sha256: string
  /**
   * The reference for display, at most 200 characters, without secrets: a URL, a file name, `data:image/png (34 kB)`.
   */
  label: string
  /** The public URL that it came from; `null` for other references and for URLs inside this network. */
  url: string | null
  /** A JPEG or PNG of at most 300 kB, for an upload. @throws AppError `picture_unreadable`. */
  small(): Promise<Uint8Array>
}

export interface ReadOptions {
  /**
   * Whether to try 1688's own small copy (220 pixels) before the original. For the hundreds of photos in a catalogue; a
   * query is read at full size, because its crops gain from the pixels. Default false.
   */
  preferSmall?: boolean
}

export interface PictureReader {
  /**
   * @param reference an http(s) URL, a base64 data: URL, `sample:<file>.webp`, or a path if those are allowed.
   * @throws AppError `invalid_input` for any other reference, `picture_refused` for a forbidden one,
   * `picture_unreachable`, `picture_unreadable` for a file that is too large or clearly not a picture, `cancelled`.
   */
  read(reference: string, signal?: AbortSignal, options?: ReadOptions): Promise<Picture>
  close(): Promise<void>
}

export interface PictureReaderOptions extends Partial<PictureFetcherOptions> {
  /** The folder of the sample catalogue's pictures. */
  sampleDir: string
  /** Whether local paths are read: only if the caller is on this machine (stdio, command line). */
  allowFiles: boolean
}

export const MAX_PICTURE_BYTES = 10_000_000
const MAX_LABEL = 200
const REFERENCE_HINT =
  'Pass an http(s):// URL, a base64 data: URL, sample:<name>.webp or, over stdio and on the command line, a path.'
const BASE64_HINT = 'Put data:image/jpeg;base64, (or png, webp, gif) in front of it.'

/** Opens no file and no socket before the first read. */
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
      throw refused('Local files can only be read over stdio and on the command line, not over HTTP.', REFERENCE_HINT)
    }
    // On Windows, opening a network path sends this account's credentials to the host in it.
    if (/^[\\/]{2}/.test(path))
      throw refused('Pictures on a network path are not read.', 'Copy the file to this computer and pass its path.')
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
      if (trimmed.startsWith('~')) throw invalid('A path that starts with ~ is not supported.', 'Pass the full path.')
      // How JPEG, PNG, WebP and GIF start in base64; with its slash, JPEG would pass for a path.
      if (/^(?:\/9j\/|iVBORw0K|UklGR|R0lGOD)[^.:]{100}/.test(trimmed))
        throw invalid('This is base64 without the start of a data: URL.', BASE64_HINT)
      if (isPath(trimmed)) return readFile(trimmed)
      throw invalid(
        trimmed === '' ? 'The picture reference is empty.' : `${quoted(trimmed)} does not refer to a picture.`,
      )
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
  if (!URL.canParse(address)) throw invalid(`${quoted(address)} is not a valid URL.`)
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
  // Node skips invalid characters, which changes the length; matching a pattern on 13 MB would take 0.1 s.
  if (bytes.length !== expectedBytes) throw invalid('The data: URL contains characters that are not base64.')
  const kind = /^image\/[a-z0-9.+-]{1,20}$/i.test(mediaType) ? mediaType.toLowerCase() : ''
  return toPicture(bytes, `data:${kind} (${formatBytes(bytes.length)})`)
}

/** A URL may have its `+`, `/` and `=` percent-encoded; malformed escapes are left for the caller to refuse. */
function unescaped(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text
  } catch {
    return text
  }
}

async function readSample(reference: string, sampleDir: string, maxBytes: number): Promise<Uint8Array> {
  const file = reference.slice('sample:'.length)
  if (!/^[a-z0-9-]+\.webp$/.test(file))
    throw invalid(`${quoted(reference)} is not the name of a sample picture, sample:<name>.webp.`)
  return readPictureFile(join(sampleDir, file), maxBytes)
}

function pathOfFileUrl(fileUrl: string): string {
  try {
    return fileURLToPath(fileUrl)
  } catch {
    throw invalid(`${quoted(fileUrl)} does not name a file on this computer.`)
  }
}

/** One letter before a colon is a drive; several are a scheme. */
function isPath(reference: string): boolean {
  if (/^[a-z][a-z\d+.-]+:/i.test(reference)) return false
  return /[\\/]/.test(reference) || /\.(jpe?g|png|webp|gif|avif)$/i.test(reference)
}

function invalid(message: string, hint = REFERENCE_HINT): AppError {
  return new AppError({ code: 'invalid_input', message, hint })
}
