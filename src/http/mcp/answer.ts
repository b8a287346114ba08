/** Writes what the SDK answers to the connection. */
import type { ServerResponse } from 'node:http'
import type { Transport } from '@modelcontextprotocol/server'
import { sendJson } from '../server/exchange.ts'

/**
 * Writes a result that nothing precedes itself. The SDK would make a web Response of it, whose stream is then read: a tenth
 * of the processor time of a cached call.
 * @param onAnswered the transport, which has sent nothing, can be closed.
 */
export function answerDirectly(transport: Transport, response: ServerResponse, onAnswered: () => void): void {
  const send = transport.send.bind(transport)
  let isFirst = true
  transport.send = async (message, options) => {
    const isDirect = isFirst && 'result' in message
    isFirst = false
    if (!isDirect) return send(message, options)
    sendJson(response, 200, message, { 'content-type': 'application/json' })
    onAnswered()
  }
}

/** Without the stacks of the two errors that the SDK makes at every close, which nobody reads. */
export function closeTransport(transport: Transport): void {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  void transport.close()
  Error.stackTraceLimit = stackTraceLimit
}

const LIST_START = 0x5b

/** Waits for slow readers. @param isBatch whether the answer is a list, for which the SDK writes a single one alone. */
export async function writeAnswer(
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
