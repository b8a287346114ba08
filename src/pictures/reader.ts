/** Reads pictures safely from what people pass: a URL, a data: URL, a path, or the name of a sample picture. */
import { createHash } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { AppError, throwIfAborted } from '../errors.ts'
import { createAddressGuard } from '../net/address-guard.ts'
import { quoted } from '../offers/text.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { ClipboardOptions } from './clipboard.ts'
import { formatBytes, MAX_PICTURE_BYTES, refused, tooLarge, unreachable } from './failures.ts'
import { directUrls } from './fetch/direct-urls.ts'
import { createPictureFetcher, type PictureFetcherOptions } from './fetch/fetch.ts'
import { fileNotFound, readPictureFile } from './file.ts'
import { findFile } from './find-file.ts'
import { readDataUrl } from './reference/data-url.ts'
import { attachmentError, type FileReference, invalid, parseReference, REFERENCE_HINT } from './reference/reference.ts'
import { isSignedAddress, signedAddress } from './reference/signed-address.ts'
import { smallPictureUrl } from './small-url.ts'
import type { PickedPhotos } from './upload/picked-photos.ts'

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
}

/** A reference as text, the content of a file, or an address that a host has signed for this server alone. */
export type PictureInput =
  | string
  | { kind: 'file'; bytes: Uint8Array }
  /** Never shown, stored or passed on, nor is the text of an error with it. */
  | { kind: 'signed'; address: string }

export interface ReadOptions {
  /**
   * Whether to try 1688's own small copy (220 pixels) before the original. For the hundreds of photos in a catalogue; a
   * query is read at full size, because its crops gain from the pixels. Default false.
   */
  preferSmall?: boolean
  /** Photos that people sent from a browser. Default: none can be read. */
  photos?: PickedPhotos
}

export interface PictureReader {
  /**
   * @param input as text the handle of a picked photo, an http(s) URL, a base64 data: URL, `sample:<file>.webp`, or a
   * path if those are allowed.
   * @throws AppError `invalid_input` for any other reference, `picture_refused` for a forbidden one,
   * `picture_unreachable`, `picture_unreadable` for a file that is too large or clearly not a picture, `cancelled`.
   */
  read(input: PictureInput, signal?: AbortSignal, options?: ReadOptions): Promise<Picture>
  close(): Promise<void>
}

export interface PictureReaderOptions extends Partial<PictureFetcherOptions> {
  /** The folder of the sample catalogue's pictures. */
  sampleDir: string
  /** Whether local paths are read: only if the caller is on this machine (stdio, command line). */
  allowFiles: boolean
  /** What `~` in a path stands for. Default: none. */
  homeDir?: string
  /** Whose clipboard `clipboard` stands for. Default: none is read. */
  clipboard?: ClipboardOptions | undefined
}

const MAX_LABEL = 200

const DEMO_PHOTO = 'demo-photo.webp'

/** Opens no file and no socket before the first read. */
export function createPictureReader(options: PictureReaderOptions): PictureReader {
  const {
    sampleDir,
    allowFiles,
    homeDir = '',
    clipboard,
    maxBytes = MAX_PICTURE_BYTES,
    timeoutMs = CALL_BUDGET.picture.callerMs,
  } = options
  const fetcher = createPictureFetcher({ ...options, maxBytes, timeoutMs })
  const guard = createAddressGuard(options)

  const fetchPicture = async (url: URL, signal?: AbortSignal, preferSmall?: boolean): Promise<Picture> => {
    const small = preferSmall ? smallPictureUrl(url) : url
    const { page, ...fetched } = await fetcher.fetch(small === url ? directUrls(url) : [small, url], signal)
    const isPublic = guard.check(fetched.url) === 'public'
    const label =
      page === null ? url.href : `main picture of ${page.host}${page.title === null ? '' : `, "${page.title}"`}`
    // Of a small copy, the upstream gets the original.
    const address = small === url ? fetched.url.href : url.href
    return { ...toPicture(fetched.bytes, label), url: isPublic ? address : null }
  }
  const readFile = async ({ path, isOfChat }: FileReference): Promise<Picture> => {
    if (!allowFiles && isOfChat) throw attachmentError(path)
    if (!allowFiles)
      throw refused('Local files can only be read over stdio and on the command line, not over HTTP.', REFERENCE_HINT)
    const found = await findFile(path, homeDir)
    if (found === null) throw isOfChat ? attachmentError(path) : fileNotFound(path)
    return toPicture(await readPictureFile(found, maxBytes), basename(found))
  }

  const readFromClipboard = async (signal?: AbortSignal): Promise<Picture> => {
    if (!allowFiles)
      throw refused('The clipboard can only be read over stdio and on the command line, not over HTTP.', REFERENCE_HINT)
    if (clipboard === undefined)
      throw refused('Reading the clipboard is turned off (MCP1688_CLIPBOARD=off).', REFERENCE_HINT)
    const { readClipboard } = await import('./clipboard.ts')
    const png = await readClipboard(clipboard, signal)
    if (png.length > maxBytes) throw tooLarge(maxBytes)
    return toPicture(png, `picture from the clipboard${sizeOf(png)}`)
  }

  const readGiven = (bytes: Uint8Array): Picture => {
    if (bytes.length > maxBytes) throw tooLarge(maxBytes)
    return toPicture(bytes, `uploaded picture (${formatBytes(bytes.length)})`)
  }
  const readSigned = async ({ address }: { address: string }, signal?: AbortSignal): Promise<Picture> => {
    const { bytes } = await fetcher.fetch([signedAddress(address)], signal)
    return toPicture(bytes, `photo from the chat (${formatBytes(bytes.length)})`)
  }

  return {
    async read(input, signal, { preferSmall, photos } = {}) {
      throwIfAborted(signal)
      if (typeof input === 'object') return input.kind === 'file' ? readGiven(input.bytes) : readSigned(input, signal)
      const reference = parseReference(input)
      switch (reference.kind) {
        case 'address':
          if (isSignedAddress(reference.url)) return readSigned({ address: reference.url.href }, signal)
          return fetchPicture(reference.url, signal, preferSmall)
        case 'data': {
          const { bytes, label } = readDataUrl(reference.text, maxBytes)
          return toPicture(bytes, label)
        }
        case 'photo':
          if (!photos) throw invalid('Picked photos cannot be read here.')
          return toPicture(await photos.read(reference.name, signal), 'picked photo')
        case 'sample':
          return toPicture(await readSample(reference.name, sampleDir, maxBytes), reference.name)
        case 'file':
          return readFile(reference)
        case 'clipboard':
          return readFromClipboard(signal)
        case 'offer':
          // Its picture has to be found first, which may cost credits (use-cases/search/photos/query-picture.ts).
          throw invalid(`${reference.offerId} is the ID of an offer, not a picture.`)
      }
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
  }
}

/** Of a PNG. */
function sizeOf(png: Buffer): string {
  return png.length < 24 ? '' : `, ${png.readUInt32BE(16)} x ${png.readUInt32BE(20)}`
}

async function readSample(reference: string, sampleDir: string, maxBytes: number): Promise<Uint8Array> {
  const file = reference.slice('sample:'.length)
  if (!/^[a-z0-9-]+\.webp$/.test(file))
    throw invalid(`${quoted(reference)} is not the name of a sample picture, sample:<name>.webp.`)
  // No offer has the photo to try searches with: it lies beside their pictures.
  const folder = file === DEMO_PHOTO ? dirname(sampleDir) : sampleDir
  try {
    return await readPictureFile(join(folder, file), maxBytes)
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'picture_unreachable') throw thrown
    // Callers over HTTP are not told where this program is installed.
    const cure = `Use sample:${DEMO_PHOTO}, or a picture that a reply names. ${REFERENCE_HINT}`
    throw unreachable(`There is no sample picture ${quoted(reference)}.`, cure, { cause: thrown })
  }
}

/** The reader for a caller with these picked photos. */
export function withPhotos(reader: PictureReader, photos: PickedPhotos): PictureReader {
  return { ...reader, read: (input, signal, options) => reader.read(input, signal, { ...options, photos }) }
}
