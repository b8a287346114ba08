/** Owns serving MCP over stdin and stdout. */
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createMcpServer, type McpServerDeps } from './server.ts'

/**
 * Serves one client until it closes stdin or the signal aborts.
 * @returns when the connection has ended.
 */
export async function serveOverStdio(deps: McpServerDeps, signal: AbortSignal): Promise<void> {
  const handle = serveStdio(() => createMcpServer(deps), {
    onerror: error => deps.logger.warn('stdio transport', { message: error.message }),
  })
  await new Promise<void>(resolve => {
    process.stdin.once('end', resolve)
    process.stdin.once('close', resolve)
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
  await handle.close()
}
