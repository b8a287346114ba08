/** A listener on this computer for the one request with which the browser brings the authorisation code. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { AppError, asAppError } from '../../../errors.ts'
import { limitTime } from '../../../time/deadline.ts'
import { unlessAborted } from '../../../time/unless-aborted.ts'

/** A code of the platform lives so long. */
const CODE_LIFETIME_MS = 120_000

/** Port 0 is replaced by one that is free. */
export const REDIRECT_TO_FREE_PORT = 'http://127.0.0.1:0/callback'

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

export interface Loopback {
  redirectUri: string
  /** @throws AppError what `read` throws; `deadline_exceeded` after two minutes; `cancelled`. */
  waitForCode(signal: AbortSignal): Promise<string>
  close(): void
}

/** Whether a listener of ours can receive the browser. */
export function isLoopback(redirectUri: string): boolean {
  const { protocol, hostname, port } = new URL(redirectUri)
  return protocol === 'http:' && LOOPBACK_HOSTS.has(hostname) && port !== ''
}

/**
 * @param read returns the code of the redirected address.
 * @throws AppError `config_invalid` if the port is in use.
 */
export async function listenForCode(redirectUri: string, read: (query: URLSearchParams) => string): Promise<Loopback> {
  const { hostname, port, pathname } = new URL(redirectUri)
  let settle = (_code: string): void => undefined
  let fail = (_error: unknown): void => undefined
  const code = new Promise<string>((resolve, reject) => {
    settle = resolve
    fail = reject
  })
  // It may fail before anybody waits for it.
  code.catch(() => undefined)
  const server = createServer((request, response) => {
    const [path, query] = (request.url ?? '').split('?', 2)
    if (request.method !== 'GET' || path !== pathname) return reply(request, response, 404, 'Not found.')
    server.close()
    try {
      const found = read(new URLSearchParams(query))
      reply(request, response, 200, 'mcp-1688 has received the code. You can close this page.', () => settle(found))
    } catch (error) {
      const { message, hint } = asAppError(error)
      reply(request, response, 400, `${message}\n${hint}`, () => fail(error))
    }
  })
  const boundPort = await listen(server, hostname === '[::1]' ? '::1' : '127.0.0.1', Number(port))
  return {
    redirectUri: redirectUri === REDIRECT_TO_FREE_PORT ? redirectUri.replace(':0/', `:${boundPort}/`) : redirectUri,
    waitForCode: async signal => {
      const limit = limitTime(CODE_LIFETIME_MS, signal, { reasonOf: tooLate })
      try {
        return await unlessAborted(code, limit.signal)
      } finally {
        limit.forget()
      }
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  try {
    server.listen({ host, port })
    await once(server, 'listening')
  } catch (cause) {
    throw new AppError({
      code: 'config_invalid',
      message: `Cannot listen on ${host}, port ${port}.`,
      hint: 'End the program that uses this port, or use --listen alone, which picks a free one.',
      cause,
    })
  }
  const address = server.address()
  return address === null || typeof address === 'string' ? port : address.port
}

function reply(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  whenSent: () => void = () => undefined,
): void {
  request.resume()
  response.on('close', whenSent)
  // The address holds the code: neither a cache nor the next page may see it.
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  response.end(`${text}\n`)
}

function tooLate(): AppError {
  return new AppError({
    code: 'deadline_exceeded',
    message: 'The browser did not come back within two minutes.',
    hint: 'Run the command again; if the browser is on another computer, use a registered address without a port and paste what it shows.',
    retryable: true,
  })
}
