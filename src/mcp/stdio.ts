import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { withinTime } from '../time/deadline.ts'
import { settledOrAborted } from '../time/unless-aborted.ts'
import { mendLines } from './normalise-message.ts'
import { createPendingRequests } from './pending-requests.ts'
import { createMcpServer, type McpServerDeps } from './server.ts'

/** A picture of 10 MB is 13.4 MB as base64. Above the limit, by default 10 MiB, the SDK ends the connection. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

export interface StdioDeps extends McpServerDeps {
  /** Called a second after stdin has ended: pictures that are still being decoded fail with an error. */
  stopDecoding(): Promise<void>
}

/**
 * Serves one client until it closes stdin or the signal aborts. After the end of stdin, what it asked for is answered,
 * for as long as a call may take.
 */
export async function serveOverStdio({ stopDecoding, ...deps }: StdioDeps, signal: AbortSignal): Promise<void> {
  const { input, ended } = readStdin()
  const wire = new StdioServerTransport(input, undefined, { maxBufferSize: MAX_MESSAGE_BYTES })
  const requests = createPendingRequests(wire)
  const handle = serveStdio(() => createMcpServer(deps), {
    transport: requests.transport,
    onerror: error => deps.logger.warn('stdio transport', { message: error.message }),
  })
  await settledOrAborted(ended, signal)
  if (!signal.aborted) {
    setTimeout(() => void stopDecoding(), CALL_BUDGET.decodingAtEnd.callerMs).unref()
    await withinTime(CALL_BUDGET.call.callerMs, signal, inTime => settledOrAborted(requests.answered(), inTime))
  }
  await handle.close()
}

/** The SDK drops all requests at the end of its input, so that is kept from it. */
function readStdin(): { input: PassThrough; ended: Promise<void> } {
  const input = new PassThrough()
  const lines = process.stdin.pipe(mendLines(MAX_MESSAGE_BYTES))
  lines.pipe(input, { end: false })
  const ended = new Promise<void>(resolve => {
    lines.once('end', resolve)
    process.stdin.once('close', resolve)
  }).then(async () => {
    while (input.readableLength + input.writableLength > 0) await nextTurn()
    // The last message is handed on in this turn.
    await nextTurn()
  })
  return { input, ended }
}
