/** MCP over HTTP: both protocol eras, stateless, a fresh server for every request. Of src/http only this file imports the SDK. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import {
  createMcpHandler,
  isJsonContentType,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { unlessAborted } from '../../time/unless-aborted.ts'
import { HttpRefusal } from '../access/refusal.ts'
import { MCP_BODY_MAX_BYTES, readBody } from '../server/body.ts'
import type { Exchange } from '../server/exchange.ts'

/** Messages of a batch (protocol of 2025-03-26): it counts as one of the requests that a caller may have under way. */
const MAX_BATCH = 10

export interface McpRouteOptions {
  /**
   * Makes the server of one request, for its caller.
   * @param calledTool the only tool that the request can reach; `null` where it is no call of a tool.
   */
  createServer: (exchange: Exchange, calledTool: string | null) => McpServer
  logger: Logger
}

export interface McpRoute {
  handle(exchange: Exchange): Promise<void>
  /** Ends subscriptions; answers that are under way go on. */
  close(): Promise<void>
}

/** Makes the endpoint. It answers with JSON, or with a stream where the caller asked for progress. */
export function createMcpRoute({ createServer, logger }: McpRouteOptions): McpRoute {
  /** The SDK hands the web request back when it asks for a server; this leads from there to its caller. */
  const arrived = new WeakMap<Request, { exchange: Exchange; parsedBody: unknown }>()
  const serverOf = (request: Request | undefined): McpServer => {
    const arrival = request && arrived.get(request)
    if (!arrival) throw new Error('the SDK asked for a server without its request')
    return createServer(arrival.exchange, calledToolOf(arrival.parsedBody))
  }
  const onerror = (error: Error): void => logger.debug('mcp endpoint', { message: error.message })
  const modern = createMcpHandler(({ requestInfo }) => serverOf(requestInfo), { legacy: 'reject', onerror })

  const serveLegacy = async (request: Request, parsedBody: unknown, signal: AbortSignal): Promise<Response> => {
    throwIfAborted(signal)
    const server = serverOf(request)
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: !mayStream(server, parsedBody),
    })
    await server.connect(transport)
    signal.addEventListener('abort', () => void server.close(), { once: true })
    // A transport that is closed never answers: whoever waited for it would hold the caller's place for good.
    return unlessAborted(transport.handleRequest(request, { parsedBody }), signal)
  }

  const serveModern = (request: Request, exchange: Exchange, parsedBody: unknown): Promise<Response> => {
    arrived.set(request, { exchange, parsedBody })
    return modern.fetch(request, { parsedBody })
  }

  return {
    handle: async exchange => {
      const { request, response, signal } = exchange
      if (!isJsonContentType(request.headers['content-type'] ?? null))
        throw notJson(415, 'The body is not declared as JSON.')
      const parsedBody = parseJson(await readBody(request, MCP_BODY_MAX_BYTES))
      if (Array.isArray(parsedBody) && parsedBody.length > MAX_BATCH) throw batchTooLong()
      // Only the SDK's modern side looks at a request's signal, and following one costs more than all else of a request.
      const isModern = request.headers['mcp-method'] !== undefined
      const webRequest = toWebRequest(request, isModern ? signal : null)
      arrived.set(webRequest, { exchange, parsedBody })
      const answer = (await isLegacyRequest(webRequest, parsedBody))
        ? await serveLegacy(webRequest, parsedBody, signal)
        : await serveModern(isModern ? webRequest : toWebRequest(request, signal), exchange, parsedBody)
      await pour(answer, response, signal)
    },
    close: () => modern.close(),
  }
}

/** Whether anything but the answer can come: our tools send progress where a token came; a server that logs says so. */
function mayStream({ server }: McpServer, body: unknown): boolean {
  if (server.getCapabilities().logging) return true
  return [body].flat().some(message => recordOf(recordOf(recordOf(message).params)._meta).progressToken !== undefined)
}

/** Most requests call one tool; a server for them need not know of anything else. */
function calledToolOf(body: unknown): string | null {
  const { method, params } = recordOf(body)
  const { name } = recordOf(params)
  return method === 'tools/call' && typeof name === 'string' ? name : null
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notJson(400, 'The body is no JSON.')
  }
}

function notJson(status: number, message: string): HttpRefusal {
  return new HttpRefusal({
    status,
    code: 'not_json',
    message,
    hint: 'Send one JSON-RPC message with Content-Type: application/json.',
  })
}

function batchTooLong(): HttpRefusal {
  return new HttpRefusal({
    status: 400,
    code: 'batch_too_long',
    message: `The batch has more than ${MAX_BATCH} messages.`,
    hint: 'Send them in several requests.',
  })
}

/**
 * The request without its body, which was read already. `toWebRequest` of @modelcontextprotocol/node would write the
 * parsed body out once more, and its `toNodeHandler` follows a signal in every request, sends answers without their
 * length and turns failures into a 500 of its own.
 */
function toWebRequest({ headers, url = '/' }: IncomingMessage, signal: AbortSignal | null): Request {
  return new Request(`http://localhost${url}`, { method: 'POST', headers: plainHeaders(headers), signal })
}

function plainHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  )
}

/** Writes an answer out, no faster than its reader reads. */
async function pour(answer: Response, response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  const headers = Object.fromEntries(answer.headers)
  if (!isStream || answer.body === null) {
    const body = Buffer.from(await answer.arrayBuffer())
    response.writeHead(answer.status, { ...headers, 'content-length': body.length }).end(body)
    return
  }
  response.writeHead(answer.status, headers).flushHeaders()
  const reader = answer.body.getReader()
  const leave = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', leave, { once: true })
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (!response.write(chunk.value))
      await new Promise(resolve => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}
