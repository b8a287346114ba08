/** Owns HTTP to upstreams: bounded in time, size and connections, and exact about whether a call was sent, answered or lost. */
import type { Agent } from 'undici'
import { AppError, type AppErrorParts, cancelledError, partsOf } from '../errors.ts'
import { CallError, type CallReport, type Reported } from '../limits/gate/call-report.ts'
import { DEFAULT_CONNECTIONS } from '../limits/gate/gate.ts'
import type { Clock } from '../time/clock.ts'

/** The largest reply that is read, in bytes: a page of 60 rows is about 30 kB. */
const MAX_REPLY_BYTES = 5 * 1024 * 1024

const CONNECT_TIMEOUT_MS = 5_000

/** Errors from before the first byte was sent: the call cannot have cost anything. */
const NOT_SENT = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** What is known once the headers have come. */
type Answered = Extract<CallReport, { kind: 'answered' }>

/** An answer that could be read: any status, with its JSON body (`undefined` where the body of a failure is no JSON). */
export interface HttpAnswer {
  report: Answered
  header(name: string): string | null
  body: unknown
}

/** Asks one upstream. Every method makes one call, and throws CallError where no readable answer came. */
export interface UpstreamHttp {
  getJson(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>
  /** Sends `value` as JSON. */
  postJson(url: URL, value: unknown, signal: AbortSignal): Promise<HttpAnswer>
  /** Sends `fields` URL-encoded, as a form does. */
  postForm(url: URL, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}

/** A request without its address. */
interface Message {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string
}

/** What {@link createUpstreamHttp} needs. */
export interface UpstreamHttpOptions {
  /** How long the headers, and then each silence in the body, may take, in milliseconds. */
  timeoutMs: number
  clock: Clock
}

/** Makes a client. undici is loaded at the first call: it costs as much as the rest of the start. */
export function createUpstreamHttp({ timeoutMs, clock }: UpstreamHttpOptions): UpstreamHttp {
  let agent: Agent | null = null

  const send = async (url: URL, { headers, ...message }: Message, signal: AbortSignal): Promise<HttpAnswer> => {
    const { Agent, request } = await import('../net/undici.ts')
    agent ??= new Agent({
      connect: { timeout: CONNECT_TIMEOUT_MS },
      connections: DEFAULT_CONNECTIONS,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: MAX_REPLY_BYTES,
    })
    let report: Answered | null = null
    try {
      const response = await request(url, {
        ...message,
        dispatcher: agent,
        headers: { accept: 'application/json', ...headers },
        signal,
      })
      const header = (name: string) => [response.headers[name]].flat()[0] ?? null
      report = {
        kind: 'answered',
        status: response.statusCode,
        headersAtMs: clock.monotonic(),
        creditsCharged: chargeOf(header('x-credits-charged')),
      }
      const text = await response.body.text()
      return { report, header, body: parseBody(text, report) }
    } catch (error) {
      throw explain(error, report, signal)
    }
  }
  const post = (url: URL, contentType: string, body: string, signal: AbortSignal) =>
    send(url, { method: 'POST', headers: { 'content-type': contentType }, body }, signal)

  return {
    getJson: (url, headers, signal) => send(url, { method: 'GET', headers }, signal),
    postJson: (url, value, signal) => post(url, 'application/json', JSON.stringify(value), signal),
    postForm: (url, fields, signal) =>
      post(url, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString(), signal),
    close: async () => {
      await agent?.destroy()
    },
  }
}

/**
 * What an answer means, by `translate`.
 * @throws what `translate` throws; an AppError becomes a CallError, since an answer that makes no sense was paid for all the same.
 */
export function translated<T>({ body, report }: HttpAnswer, translate: (body: unknown) => T): Reported<T> {
  try {
    return { value: translate(body), report }
  } catch (error) {
    throw error instanceof AppError && !(error instanceof CallError) ? new CallError(partsOf(error), report) : error
  }
}

/** Failures often carry HTML; only an answer that claims success must be JSON. */
function parseBody(text: string, report: Answered): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Without its cause: that quotes the body, in which an upstream can repeat what it was sent.
    if (report.status !== 200) return undefined
    throw new CallError(
      {
        code: 'upstream_changed',
        message: 'The upstream answered with something that is not JSON.',
        hint: 'Check that the base URL is right; if it is, try again later.',
      },
      report,
    )
  }
}

function chargeOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}(\.\d{1,3})?$/.test(text.trim()) ? Number(text) : undefined
}

function explain(error: unknown, answered: Answered | null, signal: AbortSignal): Error {
  if (error instanceof CallError) return error
  const code = codeOf(error)
  const report: CallReport = answered ?? (NOT_SENT.has(code) ? { kind: 'not_sent' } : { kind: 'unknown' })
  if (signal.aborted) return new CallError(partsOf(cancelledError(error)), report)
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new CallError(
      {
        code: 'upstream_changed',
        message: `The upstream sent more than ${MAX_REPLY_BYTES >> 20} MiB.`,
        hint: 'Check that the base URL is right; if it is, try again later.',
        cause: error,
      },
      report,
    )
  }
  return new CallError({ code: 'upstream_unavailable', ...lossOf(code, report), retryable: true, cause: error }, report)
}

/** The words for a call without an answer, or with half of one. */
function lossOf(code: string, report: CallReport): Pick<AppErrorParts, 'message' | 'hint'> {
  if (report.kind === 'not_sent') {
    const message = 'The upstream could not be reached.'
    return { message, hint: 'Check the network and the base URL; nothing was spent.' }
  }
  const message = code.includes('TIMEOUT')
    ? 'The upstream did not answer in time.'
    : 'The upstream broke the connection off before its answer was whole.'
  return { message, hint: 'Try again in a minute; this call may have been charged all the same.' }
}

/** The code of an error or of what caused it. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}
