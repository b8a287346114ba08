/** What a client sends and takes, by its Content-Type and Accept headers. */
import type { IncomingHttpHeaders } from 'node:http'
import { HttpError, WHERE } from '../access/http-error.ts'

const JSON_TYPE = 'application/json'
const EVENT_STREAM = 'text/event-stream'
const BOTH = `${JSON_TYPE}, ${EVENT_STREAM}`

/** Java's HTTP client sends a lone star. */
const ANYTHING = ['*/*', '*']

/** Excludes a kind: `;q=0`. */
const NEVER = /;\s*q=0(?:\.0*)?\s*(?:;|$)/i

/** Two more names are those of JSON-RPC itself. Client and proxy may both set the header. */
const JSON_SENT = /^\s*application\/json(?:-rpc|request)?\s*(?:;|,\s*application\/json\s*$|$)/i

export function isJson(contentType: string | undefined): boolean {
  return JSON_SENT.test(contentType ?? '')
}

export function takesJson(accept: string | undefined): boolean {
  return rangesOf(accept).some(range => [JSON_TYPE, 'application/*', ...ANYTHING].includes(range))
}

/** Only if it says so: a client that takes anything is sent JSON. */
export function takesStream(accept: string | undefined): boolean {
  return rangesOf(accept).some(range => [EVENT_STREAM, 'text/*'].includes(range))
}

/**
 * The SDK's transport for 2025 refuses a client that does not take both kinds, though it is only sent one of them.
 * @throws HttpError 406 for one that takes neither.
 */
export function withFullAccept(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  if (takesJson(headers.accept) || takesStream(headers.accept)) return { ...headers, accept: BOTH }
  throw new HttpError({
    status: 406,
    code: 'not_acceptable',
    message: 'The Accept header of the request allows neither JSON nor an event stream.',
    hint: `Send Accept: ${BOTH}.`,
  })
}

/**
 * A client of the older protocol, which opens a stream first, would take a page for a broken one.
 * @throws HttpError 406.
 */
export function refuseLoneStream({ accept }: IncomingHttpHeaders): void {
  if (accept !== EVENT_STREAM) return
  throw new HttpError({
    status: 406,
    code: 'not_acceptable',
    message: 'There is no event stream here, but a page for people.',
    hint: WHERE,
  })
}

/** An empty header excludes nothing. */
function rangesOf(accept = ''): string[] {
  const ranges = accept.trim() === '' ? '*/*' : accept
  return ranges
    .split(',')
    .filter(range => !NEVER.test(range))
    .map(range => range.split(';')[0]?.trim().toLowerCase() ?? '')
}
