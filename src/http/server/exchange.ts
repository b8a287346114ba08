import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from '../../log.ts'
import type { Caller } from '../access/caller.ts'
import type { Work } from './work.ts'

/** A request that passed the guards, and its response. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  caller: Caller
  /** Of the client, behind a trusted proxy too. */
  address: string
  /** Adds the request's ID to every line. */
  logger: Logger
  /** Aborts when the caller disconnects or cancels. */
  signal: AbortSignal
  abort(): void
  /** Counts what the request makes this server do. */
  work: Work
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, 'application/json', JSON.stringify(body), headers)
}

/** Does nothing if the caller has disconnected or was answered, for example that its call is cancelled. */
export function sendText(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed || response.headersSent) return
  const length = Buffer.byteLength(text)
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': length, ...headers })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

export function withRequestId(logger: Logger, id: string): Logger {
  return {
    debug: (message, fields) => logger.debug(message, { ...fields, request: id }),
    info: (message, fields) => logger.info(message, { ...fields, request: id }),
    warn: (message, fields) => logger.warn(message, { ...fields, request: id }),
    error: (message, fields) => logger.error(message, { ...fields, request: id }),
  }
}
