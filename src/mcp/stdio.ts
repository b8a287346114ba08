import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import { mendLines } from './normalise-message.ts'
import { createMcpServer, type McpServerDeps } from './server.ts'

/** A picture of 10 MB is 13.4 MB as base64. Above the limit, by default 10 MiB, the SDK ends the connection. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024

/** Serves one client until it closes stdin or the signal aborts. */
export async function serveOverStdio(deps: McpServerDeps, signal: AbortSignal): Promise<void> {
  const handle = serveStdio(() => createMcpServer(deps), {
    transport: new StdioServerTransport(process.stdin.pipe(mendLines(MAX_MESSAGE_BYTES)), undefined, {
      maxBufferSize: MAX_MESSAGE_BYTES,
    }),
    onerror: error => deps.logger.warn('stdio transport', { message: error.message }),
  })
  await new Promise<void>(resolve => {
    process.stdin.once('end', resolve)
    process.stdin.once('close', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await handle.close()
}
