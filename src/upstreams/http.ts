/**
 * HTTP calls to upstreams: limited in time, size and connections; each reports whether it was sent, answered or lost.
 */
import type { Dispatcher } from 'undici'
import { AppError, type AppErrorParts, cancelledError, partsOf } from '../errors.ts'
import { CallError, type CallReport, type Reported } from '../limits/gate/call-report.ts'
import { createDispatcher } from '../net/dispatcher.ts'
import { createErrorRedactor } from '../net/error-redactor.ts'
import { type Fault, faultOf } from '../net/faults.ts'
import { NO_PROXIES, type Proxies } from '../net/proxies.ts'
import { CALL_BUDGET } from '../time/call-budget.ts'
import type { Clock } from '../time/clock.ts'

/** A page of 60 rows is about 30 kB. */
const MAX_REPLY_BYTES = 5 * 1024 * 1024

type AnswerReport = Extract<CallReport, { kind: 'answered' }>

/** An answer of any status. `body` is `undefined` where a failure's body is not JSON. */
export interface HttpAnswer {
  report: AnswerReport
  header(name: string): string | null
  body: unknown
}

/** Each method makes one call and throws CallError if no readable answer came. */
export interface UpstreamHttp {
  getJson(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>
  postJson(
    url: URL,
    value: unknown,
    signal: AbortSignal,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer>
  postForm(url: URL, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}

interface Message {
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  body?: string
}

export interface UpstreamHttpOptions {
  /** For the headers, then for each pause in the body. */
  timeoutMs: number
  clock: Clock
  /** Default: none. */
  proxies?: Proxies | undefined
  /** Taken out of every error: a URL that carries one may be quoted in its message. Default: none. */
  secrets?: readonly string[]
  /** Requests to one server at the same time; further ones wait. Default: unlimited. */
  connections?: number
}

/** undici is loaded at the first call: it costs as much as the rest of the start. */
export function createUpstreamHttp(options: UpstreamHttpOptions): UpstreamHttp {
  const { timeoutMs, clock, proxies = NO_PROXIES, connections = null } = options
  const redact = createErrorRedactor(options.secrets ?? [])
  let opening: Promise<Dispatcher> | null = null

  const send = async (url: URL, { headers, ...message }: Message, signal: AbortSignal): Promise<HttpAnswer> => {
    const { buildConnector, request } = await import('../net/undici.ts')
    opening ??= createDispatcher({
      connect: buildConnector({ timeout: CALL_BUDGET.connecting.wireMs }),
      proxies,
      connections,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: MAX_REPLY_BYTES,
    })
    const dispatcher = await opening
    let report: AnswerReport | null = null
    try {
      const response = await request(url, {
        ...message,
        dispatcher,
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
      throw explain(error, report, signal, redact)
    }
  }
  const post = (
    url: URL,
    contentType: string,
    body: string,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ) => send(url, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body }, signal)

  return {
    getJson: (url, headers, signal) => send(url, { method: 'GET', headers }, signal),
    postJson: (url, value, signal, headers) => post(url, 'application/json', JSON.stringify(value), signal, headers),
    postForm: (url, fields, signal) =>
      post(url, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString(), signal),
    close: async () => {
      await (await opening)?.destroy()
    },
  }
}

/** An AppError of `translate` becomes a CallError, since an answer that makes no sense was paid for all the same. */
export function translateAnswer<T>({ body, report }: HttpAnswer, translate: (body: unknown) => T): Reported<T> {
  try {
    return { value: translate(body), report }
  } catch (error) {
    throw error instanceof AppError && !(error instanceof CallError) ? new CallError(partsOf(error), report) : error
  }
}

/** Failures often carry HTML; only an answer that claims success must be JSON. */
function parseBody(text: string, report: AnswerReport): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The cause is left out: it quotes the body, in which an upstream can repeat what it was sent.
    if (report.status !== 200) return undefined
    throw new CallError(
      {
        code: 'upstream_changed',
        message: "The upstream's response is not JSON.",
        hint: 'Check that the base URL is correct; if it is, try again later.',
      },
      report,
    )
  }
}

function chargeOf(text: string | null): number | undefined {
  return text !== null && /^\d{1,6}(\.\d{1,3})?$/.test(text.trim()) ? Number(text) : undefined
}

function explain(
  error: unknown,
  answered: AnswerReport | null,
  signal: AbortSignal,
  redact: (error: unknown) => unknown,
): Error {
  if (error instanceof CallError) return error
  const fault = faultOf(error)
  const report: CallReport = answered ?? { kind: fault.wasConnected ? 'unknown' : 'not_sent' }
  if (signal.aborted) return new CallError(partsOf(cancelledError(redact(error))), report)
  return new CallError({ ...describeLoss(fault), cause: redact(error) }, report)
}

function describeLoss({ kind, wasConnected, code }: Fault): Omit<AppErrorParts, 'cause'> {
  if (kind === 'too_large') {
    return {
      code: 'upstream_changed',
      message: `The upstream's response is larger than ${MAX_REPLY_BYTES >> 20} MiB.`,
      hint: 'Check that the base URL is correct; if it is, try again later.',
    }
  }
  if (kind === 'untrusted_certificate') {
    return {
      code: 'certificate_untrusted',
      message: `The upstream's TLS certificate is not trusted (${code}).`,
      hint:
        'If a proxy or virus scanner inspects TLS, set NODE_EXTRA_CA_CERTS to the path of its CA certificate; ' +
        "otherwise check the base URL and this computer's clock. Nothing was spent.",
    }
  }
  const lost = { code: 'upstream_unavailable', retryable: true } as const
  if (kind === 'proxy_unreachable') {
    const hint =
      'Check that the proxy is running and its address is correct, or remove the variable; nothing was spent.'
    return { ...lost, message: 'The proxy in HTTPS_PROXY or HTTP_PROXY could not be reached.', hint }
  }
  if (kind === 'proxy_refused') return { ...lost, ...describeProxyRefusal(code) }
  if (wasConnected) {
    const message =
      kind === 'timed_out'
        ? 'The upstream did not answer in time.'
        : 'The upstream closed the connection before its response was complete.'
    return { ...lost, message, hint: 'Try again in a minute; this call may have been charged anyway.' }
  }
  const message =
    kind === 'no_tls' ? 'The upstream could not be reached over TLS.' : 'The upstream could not be reached.'
  return { ...lost, message, hint: 'Check the network and the base URL; nothing was spent.' }
}

function describeProxyRefusal(status: string): Pick<AppErrorParts, 'message' | 'hint' | 'retryable'> {
  if (status === '407') {
    return {
      message: 'The proxy in HTTPS_PROXY or HTTP_PROXY requires a user name and password (407).',
      hint: 'Add them to the variable, as http://user:password@host:port; nothing was spent.',
      retryable: false,
    }
  }
  const message = `The proxy in HTTPS_PROXY or HTTP_PROXY did not connect to the upstream (${status}).`
  const hint = "Allow the upstream's host in the proxy, or add it to NO_PROXY; nothing was spent."
  return { message, hint, retryable: status.startsWith('5') }
}
