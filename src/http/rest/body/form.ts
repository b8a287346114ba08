/** Reads multipart/form-data as it arrives. Nothing is written to disk, and the names of files are not used. */
import type { IncomingMessage } from 'node:http'
import { formatBytes, MAX_PICTURE_BYTES } from '../../../pictures/failures.ts'
import { HttpError } from '../../access/http-error.ts'
import { tooLong } from '../../server/body.ts'

/** A picture and some short fields. */
export const FORM_BODY_BYTES = MAX_PICTURE_BYTES + 64 * 1024

/** The rest is for names and short values. A long reference to a picture belongs in JSON. */
const LIMITS = {
  files: 1,
  fileSize: MAX_PICTURE_BYTES,
  fields: 12,
  fieldNameSize: 64,
  fieldSize: 16 * 1024,
  parts: 13,
  headerPairs: 16,
  headerSize: 8 * 1024,
}

export interface Form {
  /** A field that comes several times has one value a line. */
  fields: Record<string, string>
  file: Uint8Array | null
}

/**
 * Rejects if the caller disconnects.
 * @param maxBytes of the whole body, which may have come without its length.
 * @throws HttpError 400, 413
 */
export async function readForm(request: IncomingMessage, maxBytes: number): Promise<Form> {
  const { Busboy } = await import('./busboy.ts')
  const fields = new Map<string, string>()
  const chunks: Uint8Array[] = []
  let hasFile = false

  return new Promise((resolve, reject) => {
    const parser = openParser(() => new Busboy({ headers: headersOf(request), limits: LIMITS }))
    const refuse = (error: unknown): void => {
      request.unpipe(parser)
      request.pause()
      reject(error)
    }
    parser.on('file', (_field, file) => {
      hasFile = true
      file.on('data', (chunk: Uint8Array) => void chunks.push(chunk))
      file.on('limit', () => refuse(tooLarge()))
      // The parser reports it as well.
      file.on('error', () => undefined)
    })
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) return refuse(tooMuch('A field of the form is too long.'))
      const before = fields.get(name)
      fields.set(name, before === undefined ? value : `${before}\n${value}`)
    })
    parser.on('filesLimit', () => refuse(tooMuch('The form has more than one file.')))
    parser.on('fieldsLimit', () => refuse(tooMuch(`The form has more than ${LIMITS.fields} fields.`)))
    parser.on('partsLimit', () => refuse(tooMuch(`The form has more than ${LIMITS.parts} parts.`)))
    parser.on('error', () => refuse(notAForm('The form is cut off or not valid multipart/form-data.')))
    parser.on('finish', () =>
      resolve({ fields: Object.fromEntries(fields), file: hasFile ? Buffer.concat(chunks) : null }),
    )
    let bytes = 0
    request.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length
      if (bytes > maxBytes) refuse(tooLong(maxBytes))
    })
    request.once('error', refuse)
    request.once('close', () => {
      if (!request.complete) reject(new Error('the caller disconnected'))
    })
    // A caller who left earlier sends nothing more.
    if (request.destroyed) refuse(new Error('the caller disconnected'))
    request.pipe(parser)
  })
}

/** @throws HttpError 400 for a Content-Type that the parser does not understand. */
function openParser<T>(open: () => T): T {
  try {
    return open()
  } catch {
    throw notAForm('The Content-Type of the form names no boundary.')
  }
}

/** The parser takes the first of several. */
function headersOf({ headers }: IncomingMessage) {
  return { ...headers, 'content-type': headers['content-type'] ?? '' }
}

function notAForm(message: string): HttpError {
  return new HttpError({ status: 400, code: 'not_a_form', message, hint: FORM_HINT })
}

const FORM_HINT =
  'Send one file and short fields, as in curl -F image=@photo.jpg -F page_size=10; a form library sets the boundary.'

function tooMuch(message: string): HttpError {
  return new HttpError({ status: 413, code: 'body_too_complex', message, hint: FORM_HINT })
}

function tooLarge(): HttpError {
  return new HttpError({
    status: 413,
    code: 'body_too_long',
    message: `The picture file is larger than the limit of ${formatBytes(MAX_PICTURE_BYTES)}.`,
    hint: 'Send a smaller copy; 1000 pixels on the longer side are more than enough.',
  })
}
