/** Receives the form of an import as it arrives, into files that are deleted with its request. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { sentName } from '../../../catalogue/import/sent-pictures.ts'
import { invalidInput } from '../../../errors.ts'
import { storeUnavailable } from '../../../store/unavailable.ts'
import { HttpError, toHttpError } from '../../access/http-error.ts'

/** The field whose files are pictures. */
export const PICTURES_FIELD = 'pictures'

export const MAX_SENT_PICTURES = 1_000

/** The files are bounded by the body. */
const LIMITS = {
  files: 1 + MAX_SENT_PICTURES,
  fields: 8,
  fieldNameSize: 64,
  fieldSize: 4 * 1024,
  parts: 9 + MAX_SENT_PICTURES,
  headerPairs: 16,
  headerSize: 8 * 1024,
}

export interface ReceivedForm {
  /** The file of the sheet. */
  sheet: string
  /** The files of its pictures, by `sentName`. */
  pictures: ReadonlyMap<string, string>
  fields: ReadonlyMap<string, string>
}

/**
 * Hands the form to `use`, and deletes its files afterwards.
 * @param maxBytes of the whole body, which may have come without its length.
 * @throws HttpError 400, 413; AppError `store_unavailable`; rejects if the caller disconnects.
 */
export async function withReceivedForm<T>(
  request: IncomingMessage,
  maxBytes: number,
  use: (form: ReceivedForm) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-upload-'))
  try {
    return await use(await receive(request, folder, maxBytes))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function receive(request: IncomingMessage, folder: string, maxBytes: number): Promise<ReceivedForm> {
  const { Busboy } = await import('../body/busboy.ts')
  const fields = new Map<string, string>()
  const pictures = new Map<string, string>()
  const sheet = path.join(folder, 'sheet')
  let hasSheet = false
  let failure: Error | null = null
  const failed = new AbortController()
  const fail = (error: Error): void => {
    failure ??= error
    failed.abort()
  }
  const files = createFileWriter(failed.signal, fail)
  // The whole of a name, folders included: pictures are told apart by it.
  const options = { headers: { ...request.headers, ...typeOf(request) }, limits: LIMITS, preservePath: true }
  const parser = opened(() => new Busboy(options))
  parser.on('file', (field, content: Readable, name?: string) => {
    if (field !== PICTURES_FIELD) {
      if (hasSheet) fail(notAForm(413, 'The form has more than one sheet.'))
      hasSheet = true
      return files.write(content, sheet)
    }
    const key = sentName(name ?? '')
    // A page sends its field even if no file was chosen.
    if (key === '') return void content.resume()
    if (pictures.has(key)) fail(sameName())
    const file = path.join(folder, `picture-${pictures.size}`)
    pictures.set(key, file)
    files.write(content, file)
  })
  parser.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut) fail(notAForm(413, 'A field of the form is too long.'))
    fields.set(name, value)
  })
  for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const) parser.on(limit, () => fail(tooMany()))
  let bytes = 0
  request.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > maxBytes) fail(tooLarge(maxBytes))
  })
  const disconnected = new Error('the caller disconnected')
  request.once('close', () => {
    if (!request.complete) fail(disconnected)
  })
  // A caller who left earlier sends nothing more.
  if (request.destroyed) fail(disconnected)
  request.pipe(parser)
  try {
    await finished(parser, { signal: failed.signal })
    await files.written()
  } catch {
    request.unpipe(parser)
    request.pause()
    // Nothing is written into the folder after it is deleted.
    await files.written().catch(() => undefined)
    throw failure ?? cutOff()
  }
  if (!hasSheet) throw notAForm(400, 'The form has no file of a sheet.')
  return { sheet, pictures, fields }
}

/** Writes one file after the other, so that a form of many files holds few open. */
function createFileWriter(signal: AbortSignal, fail: (error: Error) => void) {
  let writing = Promise.resolve()
  return {
    write(content: Readable, file: string): void {
      content.on('error', () => fail(cutOff()))
      writing = writing.then(() => {
        signal.throwIfAborted()
        const target = createWriteStream(file, { flags: 'wx', mode: 0o600 })
        // Before the content ends with the same error.
        target.on('error', cause => fail(storeUnavailable(file, cause)))
        return pipeline(content, target, { signal })
      })
      writing.catch(() => undefined)
    },
    written: () => writing,
  }
}

/** The parser takes the first of several. */
function typeOf({ headers }: IncomingMessage) {
  return { 'content-type': headers['content-type'] ?? '' }
}

/** @throws HttpError 400 for a Content-Type that the parser does not understand. */
function opened<T>(open: () => T): T {
  try {
    return open()
  } catch {
    throw notAForm(400, 'The body is not multipart/form-data with a boundary.')
  }
}

function cutOff(): HttpError {
  return notAForm(400, 'The form is cut off or not valid multipart/form-data.')
}

function tooMany(): HttpError {
  return notAForm(413, `The form has more than ${MAX_SENT_PICTURES} pictures, or too many fields.`)
}

function sameName(): HttpError {
  const hint = 'Name each picture as its row does, with the folder if the row has one.'
  return toHttpError(invalidInput('Two pictures of the form have the same name.', hint))
}

function notAForm(status: 400 | 413, message: string): HttpError {
  const hint =
    'Send one sheet, and the pictures that its rows name, as in curl -F sheet=@offers.xlsx -F pictures=@cup.jpg; a form library sets the boundary.'
  return new HttpError({ status, code: status === 400 ? 'not_a_form' : 'body_too_complex', message, hint })
}

export function tooLarge(maxBytes: number): HttpError {
  return new HttpError({
    status: 413,
    code: 'body_too_long',
    message: `The import is larger than the limit of ${maxBytes / 1_000_000} MB.`,
    hint: 'Split the sheet, or ask the operator of the server to raise MCP1688_IMPORT_MAX.',
  })
}
