/** The arguments of a REST call: from the query of a GET, or from JSON or a form in the body of a POST. */
import type { IncomingMessage } from 'node:http'
import { invalidInput } from '../../../errors.ts'
import type { Tool } from '../../../tools/define.ts'
import { HttpError, toHttpError } from '../../access/http-error.ts'
import { parseJson } from '../../json/parse-json.ts'
import { MCP_BODY_BYTES, PICTURE_BODY_BYTES, readBody, refuseLongBody, tooLong } from '../../server/body.ts'
import type { Exchange } from '../../server/exchange.ts'
import type { RestEndpoint } from '../endpoints.ts'
import { FORM_BODY_BYTES, readForm } from './form.ts'

export interface RestCall {
  endpoint: Tool
  /** Not checked yet. */
  args: unknown
}

/** @throws HttpError 400, 408, 413, 415, 429 */
export async function readCall(exchange: Exchange, endpoint: RestEndpoint): Promise<RestCall> {
  const { request } = exchange
  if (request.method !== 'POST') return { endpoint, args: queryOf(request) }
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json') return { endpoint, args: await readJson(exchange, endpoint.pictures ?? 0) }
  if (type !== 'multipart/form-data') throw otherType()
  const { fields, file } = await readUpload(exchange, endpoint)
  if (file === null) return { endpoint, args: fields }
  if (endpoint.withFile === null) throw takesNoFile()
  return { endpoint: endpoint.withFile(file), args: fields }
}

function queryOf({ url = '/' }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(new URL(url, 'http://localhost').searchParams)
}

async function readJson({ request, work }: Exchange, pictures: number): Promise<unknown> {
  refuseLongBody(request, pictures > 0 ? PICTURE_BODY_BYTES : MCP_BODY_BYTES)
  const body = await readBody(request, async () => {
    if (pictures === 0) throw tooLong(MCP_BODY_BYTES)
    await work.reserveBytes(Number(request.headers['content-length'] ?? PICTURE_BODY_BYTES))
    return PICTURE_BODY_BYTES
  })
  const startedAt = performance.now()
  try {
    return parseJson(body, pictures, JSON_HINT)
  } finally {
    work.spend(performance.now() - startedAt, body.length)
  }
}

async function readUpload({ request, work }: Exchange, { withFile }: RestEndpoint) {
  const maxBytes = withFile === null ? MCP_BODY_BYTES : FORM_BODY_BYTES
  refuseLongBody(request, maxBytes)
  const announced = Number(request.headers['content-length'] ?? maxBytes)
  if (announced > MCP_BODY_BYTES) await work.reserveBytes(announced)
  const startedAt = performance.now()
  try {
    return await readForm(request, maxBytes)
  } finally {
    // Some of the time is spent waiting for the caller, so it is the bytes that count.
    work.spend(Math.min(performance.now() - startedAt, 1), announced)
  }
}

const JSON_HINT = 'Send the arguments as one JSON object, for example {"image_url": "https://example.com/photo.jpg"}.'

function otherType(): HttpError {
  return new HttpError({
    status: 415,
    code: 'not_json',
    message: 'The Content-Type of the request is neither application/json nor multipart/form-data.',
    hint: 'Send the arguments as JSON, or as a form with the picture as its file (curl -F image=@photo.jpg).',
  })
}

function takesNoFile(): HttpError {
  const hint = 'POST /search_by_image takes the file of a picture.'
  return toHttpError(invalidInput('This endpoint takes no file.', hint))
}
