/** MCP over HTTP for every protocol version: stateless, with a new server for each request. */
import {
  createMcpHandler,
  isLegacyRequest,
  type JSONRPCMessage,
  type McpServer,
  type Transport,
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
import { answerDirectly, closeTransport, writeAnswer } from './answer.ts'
import { createCancellations } from './cancellations.ts'
import { calledTool, namesVersion, RPC_HINT, readMessage, withoutProgress } from './message.ts'
import { toWebRequest } from './web-request.ts'

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
  const serverOf = ({ exchange, tools, parsedBody }: Served): McpServer =>
    createServer(exchange, tools, calledTool(parsedBody))
  /** The SDK's handler for 2026 makes the transport itself. */
  const modernServerOf = (request: Request | undefined): McpServer => {
    const served = request && exchanges.get(request)
    if (!served) throw new Error('the SDK asked for a server without its request')
    const server = serverOf(served)
    const connect = server.connect.bind(server)
    server.connect = transport => {
      speakPlainly(transport, served.tools)
      // The SDK closes the transport as late.
      answerDirectly(transport, served.exchange.response, () => queueMicrotask(() => closeTransport(transport)))
      return connect(transport)
    }
    return server
  }
  const onerror = (error: Error): void => logger.debug('mcp endpoint', { message: error.message })
  const modern = createMcpHandler(({ requestInfo }) => modernServerOf(requestInfo), { legacy: 'reject', onerror })

  const cancellations = createCancellations()

  const serveLegacy = async (request: Request, served: Served): Promise<void> => {
    const { exchange, tools, parsedBody } = served
    const { signal, response } = exchange
    const { accept } = exchange.request.headers
    throwIfAborted(signal)
    cancellations.follow(exchange, parsedBody)
    const server = serverOf(served)
    const enableJsonResponse = takesJson(accept) && !mayStream(server, parsedBody)
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse })
    speakPlainly(transport, tools, withLegacyCode)
    const isBatch = Array.isArray(parsedBody)
    const direct = new Promise<null>(resolve => {
      if (enableJsonResponse && !isBatch) answerDirectly(transport, response, () => resolve(null))
    })
    await server.connect(transport)
    const call = cancellations.begin(exchange, parsedBody)
    signal.addEventListener('abort', () => void server.close(), { once: true })
    try {
      // A closed transport never answers: without the signal, the request would count as in progress forever.
      const answer = await unlessAborted(
        Promise.race([direct, transport.handleRequest(request, { parsedBody })]),
        signal,
      )
      if (answer) await writeAnswer(answer, response, signal, isBatch)
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
      const { url = '/' } = request
      const tools = toolsAt(url)
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
        const webRequest = toWebRequest(url, withFullAccept(request.headers), signal)
        if (await isLegacyRequest(webRequest, parsedBody)) return serveLegacy(webRequest, served)
      }
      const webRequest = toWebRequest(url, request.headers, signal)
      const answer = await serveModern(webRequest, served)
      if (!response.headersSent) await writeAnswer(answer, response, signal)
    },
    close: () => modern.close(),
  }
}

function speakPlainly(
  transport: Transport,
  tools: readonly ListedTool[],
  further = (message: JSONRPCMessage): JSONRPCMessage => message,
): void {
  const send = transport.send.bind(transport)
  const toolNames = () => tools.map(({ name }) => name)
  transport.send = (message, options) => send(further(withPlainError(message, toolNames())), options)
}

/** The client no longer waits for an answer with the call's ID, but for the end of its request. */
const CANCELLED = { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'The call was cancelled.' } }

/** Whether anything can precede the answer: progress if there is a token, logs if the server declares them. */
function mayStream({ server }: McpServer, body: unknown): boolean {
  if (server.getCapabilities().logging) return true
  return [body].flat().some(message => recordIn(recordIn(recordIn(message).params)._meta).progressToken !== undefined)
}
