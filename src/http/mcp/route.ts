/** MCP over HTTP for every protocol version: stateless, with a new server for each request. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import {
  createMcpHandler,
  isLegacyRequest,
  type McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { throwIfAborted } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { withLegacyCode } from '../../mcp/wire/legacy-errors.ts'
import { isMessage, notAMessage } from '../../mcp/wire/not-a-message.ts'
import { withPlainError } from '../../mcp/wire/plain-errors.ts'
import { unlessAborted } from '../../time/unless-aborted.ts'
import type { ListedTool } from '../../tools/define.ts'
import { recordIn } from '../../tools/json-values.ts'
import { notJson } from '../json/parse-json.ts'
import { type Exchange, sendJson } from '../server/exchange.ts'
import { isJson, takesJson, takesStream, withFullAccept } from './accept.ts'
import { createCancellations } from './cancellations.ts'
import { calledTool, namesVersion, RPC_HINT, readMessage, withoutProgress } from './message.ts'

export interface McpRouteOptions {
  /** @param url of the request. */
  toolsAt: (url: string) => readonly ListedTool[]
  /** @param calledTool the only tool that the request can reach, so that its server is made faster; `null` for any. */
  createServer: (exchange: Exchange, tools: readonly ListedTool[], calledTool: string | null) => McpServer
  logger: Logger
}

export interface McpRoute {
  handle(exchange: Exchange): Promise<void>
  /** Ends subscriptions, but not answers in progress. */
  close(): Promise<void>
}

interface Served {
  exchange: Exchange
  tools: readonly ListedTool[]
  parsedBody: unknown
}

/** Answers with JSON, or with a stream if the caller asked for progress. */
export function createMcpRoute({ toolsAt, createServer, logger }: McpRouteOptions): McpRoute {
  /** The SDK asks for a server with the web request only; this maps it back to its exchange. */
  const exchanges = new WeakMap<Request, Served>()
  const serverOf = (request: Request | undefined): McpServer => {
    const found = request && exchanges.get(request)
    if (!found) throw new Error('the SDK asked for a server without its request')
    return speakPlainly(createServer(found.exchange, found.tools, calledTool(found.parsedBody)), found.tools)
  }
  const onerror = (error: Error): void => logger.debug('mcp endpoint', { message: error.message })
  const modern = createMcpHandler(({ requestInfo }) => serverOf(requestInfo), { legacy: 'reject', onerror })

  const cancellations = createCancellations()

  const serveLegacy = async (request: Request, { exchange, parsedBody }: Served): Promise<void> => {
    const { signal, response } = exchange
    const { accept } = exchange.request.headers
    throwIfAborted(signal)
    cancellations.follow(exchange, parsedBody)
    const server = serverOf(request)
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: takesJson(accept) && !mayStream(server, parsedBody),
    })
    const send = transport.send.bind(transport)
    transport.send = (message, options) => send(withLegacyCode(message), options)
    await server.connect(transport)
    const call = cancellations.begin(exchange, parsedBody)
    signal.addEventListener('abort', () => void server.close(), { once: true })
    try {
      // A closed transport never answers: without the signal, the request would count as in progress forever.
      const answer = await unlessAborted(transport.handleRequest(request, { parsedBody }), signal)
      await writeAnswer(answer, response, signal, Array.isArray(parsedBody))
    } catch (thrown) {
      if (!call.wasCancelled()) throw thrown
      sendJson(response, 200, CANCELLED)
    } finally {
      call.end()
    }
  }

  const serveModern = (request: Request, served: Served): Promise<Response> => {
    exchanges.set(request, served)
    return modern.fetch(request, { parsedBody: served.parsedBody })
  }

  return {
    handle: async exchange => {
      const { request, response, signal } = exchange
      const tools = toolsAt(request.url ?? '/')
      if (!isJson(request.headers['content-type']))
        throw notJson(415, 'The Content-Type of the request is not application/json.', RPC_HINT)
      const message = await readMessage(exchange, tools)
      const refusal = Array.isArray(message) || isMessage(message) ? null : notAMessage(message)
      if (refusal !== null) {
        sendJson(response, 400, refusal)
        return
      }
      const parsedBody = takesStream(request.headers.accept) ? message : withoutProgress(message)
      const served = { exchange, tools, parsedBody }
      if (!namesVersion(parsedBody)) {
        const webRequest = toWebRequest(request, withFullAccept(request.headers))
        exchanges.set(webRequest, served)
        if (await isLegacyRequest(webRequest, parsedBody)) return serveLegacy(webRequest, served)
      }
      const webRequest = toWebRequest(request, request.headers)
      // The SDK's handler uses it. A Request that is given a signal costs more than the rest of the request.
      Object.defineProperty(webRequest, 'signal', { value: signal })
      const answer = await serveModern(webRequest, served)
      await writeAnswer(answer, response, signal)
    },
    close: () => modern.close(),
  }
}

/** The SDK's handler for 2026 makes the transport itself. */
function speakPlainly(server: McpServer, tools: readonly ListedTool[]): McpServer {
  const connect = server.connect.bind(server)
  const toolNames = tools.map(({ name }) => name)
  server.connect = transport => {
    const send = transport.send.bind(transport)
    transport.send = (message, options) => send(withPlainError(message, toolNames), options)
    return connect(transport)
  }
  return server
}

/** The client no longer waits for an answer with the call's ID, but for the end of its request. */
const CANCELLED = { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'The call was cancelled.' } }

/** Whether anything can precede the answer: progress if there is a token, logs if the server declares them. */
function mayStream({ server }: McpServer, body: unknown): boolean {
  if (server.getCapabilities().logging) return true
  return [body].flat().some(message => recordIn(recordIn(recordIn(message).params)._meta).progressToken !== undefined)
}

/**
 * The request without its body, which was already read. `toWebRequest` of @modelcontextprotocol/node would write the
 * parsed body out once more, and its `toNodeHandler` follows a signal in every request, sends answers without their
 * length and turns every failure into a 500.
 */
function toWebRequest({ url = '/' }: IncomingMessage, headers: IncomingHttpHeaders): Request {
  return new Request(`http://localhost${url}`, { method: 'POST', headers: plainHeaders(headers) })
}

function plainHeaders(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined || value === '') return []
    const text = Array.isArray(value) ? value.join(', ') : value
    if (name === 'content-type') return [[name, 'application/json']]
    return [[name, name === 'mcp-protocol-version' ? onceOf(text) : text]]
  })
}

/** Client and proxy may both set it. */
function onceOf(text: string): string {
  const [first = '', ...others] = text.split(',').map(part => part.trim())
  return others.every(other => other === first) ? first : text
}

const LIST_START = 0x5b

/** Waits for slow readers. @param isBatch whether the answer is a list, for which the SDK writes a single one alone. */
async function writeAnswer(
  answer: Response,
  response: ServerResponse,
  signal: AbortSignal,
  isBatch = false,
): Promise<void> {
  if (signal.aborted) return
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false
  // The SDK keeps every connection, also one that the client wants closed.
  const { connection: _kept, ...headers } = Object.fromEntries(answer.headers)
  if (!isStream || answer.body === null) {
    const text = Buffer.from(await answer.arrayBuffer())
    const isAlone = isBatch && answer.status === 200 && text[0] !== LIST_START
    const body = isAlone ? Buffer.concat([Buffer.from('['), text, Buffer.from(']')]) : text
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
