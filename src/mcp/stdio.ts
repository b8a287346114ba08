import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { CALL_BUDGET } from '../time/call-budget.ts'
import { withinTime } from '../time/deadline.ts'
import { settledOrAborted } from '../time/unless-aborted.ts'
import { createMcpServer, type McpServerDeps } from './server.ts'
import { createPendingRequests } from './wire/pending-requests.ts'
import { createStdioTransport, type Streams } from './wire/stdio-transport.ts'

/** A picture of 10 MB is 13.4 MB as base64. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

export interface StdioDeps extends McpServerDeps {
  /** Called soon after stdin has ended: pictures that are still being decoded fail with an error. */
  stopDecoding(): Promise<void>
}

/**
 * Serves one client until it closes stdin or the signal aborts. After the end of stdin, what it asked for is answered,
 * for as long as a call may take.
 */
export async function serveOverStdio(
  { stopDecoding, ...deps }: StdioDeps,
  signal: AbortSignal,
  streams: Streams = process,
): Promise<void> {
  const wire = createStdioTransport(streams, {
    maxBytes: MAX_MESSAGE_BYTES,
    tools: deps.tools.map(({ name }) => name),
  })
  const requests = createPendingRequests(wire)
  const handle = serveStdio(() => createMcpServer(deps), {
    transport: requests.transport,
    onerror: error => deps.logger.warn('stdio transport', { message: error.message }),
  })
  await settledOrAborted(wire.ended, signal)
  if (!signal.aborted) {
    setTimeout(() => void stopDecoding(), CALL_BUDGET.decodingAtEnd.callerMs).unref()
    await withinTime(CALL_BUDGET.call.callerMs, signal, inTime => settledOrAborted(requests.answered(), inTime))
  }
  await handle.close()
}
