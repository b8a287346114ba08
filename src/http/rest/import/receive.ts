/** Receives the sheet of an import as it arrives, into a file that is deleted with its request. */
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import { HttpError } from '../../access/http-error.ts'

/** The file is bounded by the body. */
const LIMITS = {
  files: 1,
  fields: 6,
  fieldNameSize: 64,
  fieldSize: 4 * 1024,
  parts: 7,
  headerPairs: 16,
  headerSize: 8 * 1024,
}

export interface ReceivedSheet {
  file: string
  fields: ReadonlyMap<string, string>
}

/**
 * Hands the sheet and the fields of the form to `use`, and deletes the file afterwards. Nothing of the sheet's name is used.
 * @param maxBytes of the whole body, which may have come without its length.
 * @throws HttpError 400, 413; rejects if the caller disconnects.
 */
export async function withReceivedSheet<T>(
  request: IncomingMessage,
  maxBytes: number,
  use: (sheet: ReceivedSheet) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-upload-'))
  try {
    const file = path.join(folder, 'sheet')
    return await use({ file, fields: await receive(request, file, maxBytes) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function receive(request: IncomingMessage, file: string, maxBytes: number): Promise<Map<string, string>> {
  const { Busboy } = await import('../body/busboy.ts')
  const fields = new Map<string, string>()
  const gone = new AbortController()
  let saved: Promise<void> | null = null
  let refusal: HttpError | null = null
  const refuse = (error: HttpError): void => {
    refusal ??= error
    gone.abort()
  }
  const parser = opened(() => new Busboy({ headers: { ...request.headers, ...typeOf(request) }, limits: LIMITS }))
  parser.on('file', (_field, content: Readable) => {
    saved = pipeline(content, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal: gone.signal })
    saved.catch(() => gone.abort())
  })
  parser.on('field', (name, value, isNameCut, isValueCut) => {
    if (isNameCut || isValueCut) refuse(notAForm(413, 'A field of the form is too long.'))
    fields.set(name, value)
  })
  for (const limit of ['filesLimit', 'fieldsLimit', 'partsLimit'] as const)
    parser.on(limit, () => refuse(notAForm(413, 'The form has more than one file, or too many fields.')))
  let bytes = 0
  request.on('data', (chunk: Uint8Array) => {
    bytes += chunk.length
    if (bytes > maxBytes) refuse(tooLarge(maxBytes))
  })
  request.once('close', () => {
    if (!request.complete) gone.abort()
  })
  request.pipe(parser)
  try {
    await finished(parser, { signal: gone.signal })
    await saved
  } catch (cause) {
    request.unpipe(parser)
    request.pause()
    if (refusal !== null) throw refusal
    if (gone.signal.aborted) throw new Error('the sheet was not received', { cause })
    throw notAForm(400, 'The form is cut off or not valid multipart/form-data.')
  }
  if (saved === null) throw notAForm(400, 'The form has no file.')
  return fields
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

function notAForm(status: 400 | 413, message: string): HttpError {
  const hint = 'Send one sheet, as in curl -F sheet=@offers.xlsx -F dry_run=true; a form library sets the boundary.'
  return new HttpError({ status, code: status === 400 ? 'not_a_form' : 'body_too_complex', message, hint })
}

export function tooLarge(maxBytes: number): HttpError {
  return new HttpError({
    status: 413,
    code: 'body_too_long',
    message: `The sheet is larger than the limit of ${maxBytes / 1_000_000} MB.`,
    hint: 'Split the sheet, or ask the operator of the server to raise MCP1688_IMPORT_MAX.',
  })
}
