/** Parses the JSON of a request within limits, so that one caller's input does not delay the others. */
import { isUtf8 } from 'node:buffer'
import { HttpError } from '../access/http-error.ts'
import { MCP_BODY_BYTES } from '../server/body.ts'
import { type JsonSize, measureJson } from './json-size.ts'

/** Several times what the largest honest message has; each unknown argument is checked and named. */
const LIMITS: JsonSize = { depth: 32, keys: 256, values: 10_000, longStrings: 0, otherBytes: MCP_BODY_BYTES }

/**
 * @param longStrings how many long texts it may hold.
 * @param hint what to send instead of something that is not JSON.
 * @throws HttpError 400, 413
 */
export function parseJson(body: Buffer, longStrings: number, hint: string): unknown {
  const json = withoutMark(body)
  if (json.length === 0) throw notJson(400, 'The request has no body.', hint)
  if (!isUtf8(json)) throw notJson(400, 'The request body is not valid UTF-8.', hint)
  const { exceeded } = measureJson(json, { ...LIMITS, longStrings })
  if (exceeded !== null) throw tooComplex(exceeded)
  try {
    return JSON.parse(json.toString('utf8'))
  } catch {
    throw notJson(400, 'The request body is not valid JSON.', hint)
  }
}

/** Some clients write a byte-order mark, which no parser of JSON reads. */
function withoutMark(body: Buffer): Buffer {
  return body.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? body.subarray(BYTE_ORDER_MARK.length) : body
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff')

export function notJson(status: number, message: string, hint: string): HttpError {
  return new HttpError({ status, code: 'not_json', message, hint })
}

const EXCESS: Readonly<Record<keyof JsonSize, string>> = {
  depth: `is nested more than ${LIMITS.depth} levels deep`,
  keys: `has more than ${LIMITS.keys} keys`,
  values: `has more than ${LIMITS.values} values`,
  longStrings: 'has more long texts than the tool takes pictures',
  otherBytes: `is larger than ${LIMITS.otherBytes / 1024} KiB without its pictures`,
}

function tooComplex(exceeded: keyof JsonSize): HttpError {
  return new HttpError({
    status: 413,
    code: 'body_too_complex',
    message: `The JSON of the request ${EXCESS[exceeded]}.`,
    hint: 'Send only the arguments that the tool lists.',
  })
}
