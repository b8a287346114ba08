/** MCP over HTTP for every protocol version: stateless, with a new server for each request. */
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
import type { Tool } from '../../tools/define.ts'
import { HttpError } from '../access/http-error.ts'
import { MCP_BODY_MAX_BYTES, readBody } from '../server/body.ts'
import type { Exchange } from '../server/exchange.ts'

/** A batch (protocol of 2025-03-26) counts as one request of its caller, whatever its length. */
const MAX_BATCH = 10

export interface McpRouteOptions {
  /** @param url of the request. */
  toolsAt: (url: string) => readonly Tool[]
  /** @param calledTool the only tool that the request can reach; `null` if it is not a tool call. */
  createServer: (exchange: Exchange, tools: readonly Tool[], calledTool: string | null) => McpServer
  logger: Logger
}

export interface McpRoute {
  handle(exchange: Exchange): Promise<void>
  /** Ends subscriptions, but not answers in progress. */
  close(): Promise<void>
}

interface Served {
  exchange: Exchange
  tools: readonly Tool[]
  parsedBody: unknown
}

/** Answers with JSON, or with a stream if the caller asked for progress. */
export function createMcpRoute({ toolsAt, createServer, logger }: McpRouteOptions): McpRoute {
  /** The SDK asks for a server with the web request only; this maps it back to its exchange. */
  const exchanges = new WeakMap<Request, Served>()
  const serverOf = (request: Request | undefined): McpServer => {
    const found = request && exchanges.get(request)
    if (!found) throw new Error('the SDK asked for a server without its request')
    return createServer(found.exchange, found.tools, calledToolOf(found.parsedBody))
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
    // A closed transport never answers: without the signal, the request would count as in progress forever.
    return unlessAborted(transport.handleRequest(request, { parsedBody }), signal)
  }

  const serveModern = (request: Request, served: Served): Promise<Response> => {
    exchanges.set(request, served)
    return modern.fetch(request, { parsedBody: served.parsedBody })
  }

  return {
    handle: async exchange => {
      const { request, response, signal } = exchange
      const tools = toolsAt(request.url ?? '/')
      if (!isJsonContentType(request.headers['content-type'] ?? null))
        throw notJson(415, 'The Content-Type of the request is not application/json.')
      const parsedBody = parseJson(await readBody(request, MCP_BODY_MAX_BYTES))
      if (Array.isArray(parsedBody) && parsedBody.length > MAX_BATCH) throw batchTooLong()
      // Only the SDK's modern handler uses the signal, and a Request with one costs more than the rest of the request.
      const isModern = request.headers['mcp-method'] !== undefined
      const webRequest = toWebRequest(request, isModern ? signal : null)
      const served = { exchange, tools, parsedBody }
      exchanges.set(webRequest, served)
      const answer = (await isLegacyRequest(webRequest, parsedBody))
        ? await serveLegacy(webRequest, parsedBody, signal)
        : await serveModern(isModern ? webRequest : toWebRequest(request, signal), served)
      await writeAnswer(answer, response, signal)
    },
    close: () => modern.close(),
  }
}

/** Whether anything can precede the answer: progress if there is a token, logs if the server declares them. */
function mayStream({ server }: McpServer, body: unknown): boolean {
  if (server.getCapabilities().logging) return true
  return [body].flat().some(message => recordOf(recordOf(recordOf(message).params)._meta).progressToken !== undefined)
}

/** Most requests call one tool, and a server with that tool alone is made faster. */
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
    throw notJson(400, 'The request body is not valid JSON.')
  }
}

function notJson(status: number, message: string): HttpError {
  return new HttpError({
    status,
    code: 'not_json',
    message,
    hint: 'Send one JSON-RPC message with Content-Type: application/json.',
  })
}

function batchTooLong(): HttpError {
  return new HttpError({
    status: 400,
    code: 'batch_too_long',
    message: `The batch has more than ${MAX_BATCH} messages.`,
    hint: 'Send them in several requests.',
  })
}

/**
 * The request without its body, which was already read. `toWebRequest` of @modelcontextprotocol/node would write the
 * parsed body out once more, and its `toNodeHandler` follows a signal in every request, sends answers without their
 * length and turns every failure into a 500.
 */
function toWebRequest({ headers, url = '/' }: IncomingMessage, signal: AbortSignal | null): Request {
  return new Request(`http://localhost${url}`, { method: 'POST', headers: plainHeaders(headers), signal })
}

function plainHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  )
}

/** Waits for slow readers. */
async function writeAnswer(answer: Response, response: ServerResponse, signal: AbortSignal): Promise<void> {
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
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', cancel, { once: true })
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (!response.write(chunk.value))
      await new Promise(resolve => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}
