/** The first checks of a request: a plain path, an allowed host, and no other website behind it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { HttpError } from './http-error.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** A name or address with an optional port. Stricter than URL parsers, which accept `user@localhost`. */
const HOST = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

/**
 * A path, or a whole address, as programs send that take the server for a proxy (RFC 9112, 3.2.2). Slashes at the start
 * are one: people write `/mcp` behind an address that ends with a slash.
 */
const TARGET = /^(?:https?:\/\/([^/?]*))?\/*(\/.*)$/is

export interface GuardOptions {
  bindHost: string
  /** Further host names without ports. */
  allowedHosts: readonly string[]
  /** Origins of web pages that may call, in the form that browsers send. */
  allowedOrigins: readonly string[]
}

export interface Guards {
  /**
   * Returns the path of a request, with its query.
   * @throws HttpError 400 for a target that is not a path of this server, 403 for a host (DNS rebinding) or origin that
   * is not allowed.
   */
  check(target: string, headers: IncomingHttpHeaders): string
  /** The origin if CORS headers should be sent for it. */
  corsOrigin(headers: IncomingHttpHeaders): string | null
}

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

export function createGuards({ bindHost, allowedHosts, allowedOrigins }: GuardOptions): Guards {
  const ownName = bindHost.includes(':') ? `[${bindHost}]` : bindHost
  const names = new Set([...LOOPBACK_NAMES, ownName, ...allowedHosts].map(name => name.toLowerCase()))
  const origins = new Set(allowedOrigins.map(origin => origin.toLowerCase().replace(/\/$/, '')))

  const isAllowedHost = (host: string | undefined): boolean => {
    const name = HOST.exec(host?.toLowerCase() ?? '')?.[1]
    return name !== undefined && names.has(name)
  }
  /** Pages served by this machine may call too, but without CORS headers browsers let them read nothing. */
  const isAllowedOrigin = (origin: string): boolean =>
    origins.has(origin.toLowerCase()) || (/^https?:\/\//i.test(origin) && LOOPBACK_NAMES.includes(hostnameOf(origin)))

  return {
    check: (target, { host, origin }) => {
      const [, authority, path = ''] = target.includes('#') ? [] : (TARGET.exec(target) ?? [])
      if (path === '' || (authority !== undefined && !isAllowedHost(authority))) throw badTarget()
      if (!isAllowedHost(host)) throw notAllowed('host', 'MCP1688_ALLOWED_HOSTS')
      if (origin !== undefined && !isAllowedOrigin(origin)) throw notAllowed('origin', 'MCP1688_ALLOWED_ORIGINS')
      return path
    },
    corsOrigin: ({ origin }) => (origin !== undefined && origins.has(origin.toLowerCase()) ? origin : null),
  }
}

/** Node uses the first of two Host headers; a proxy in front of it may have used the second. @throws HttpError 400. */
export function requireOneHost({ headersDistinct }: IncomingMessage): void {
  if (headersDistinct.host?.length === 1) return
  throw new HttpError({
    status: 400,
    code: 'bad_request',
    message: `The request has ${headersDistinct.host ? 'more than one' : 'no'} Host header.`,
    hint: 'Send exactly one Host header.',
  })
}

/**
 * A page of another site can make a browser send a request without an Origin, for example as a picture. It cannot read
 * the answer, but the request would spend credits where no key is needed.
 * @throws HttpError 403.
 */
export function refuseOtherSite({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (site === 'cross-site' && origin === undefined) throw notAllowed('origin', 'MCP1688_ALLOWED_ORIGINS')
}

function hostnameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

function badTarget(): HttpError {
  return new HttpError({
    status: 400,
    code: 'bad_request',
    message: 'The request target is not a path.',
    hint: 'Request a path such as /mcp.',
  })
}

function notAllowed(what: 'host' | 'origin', option: string): HttpError {
  return new HttpError({
    status: 403,
    code: `foreign_${what}`,
    message: `This server does not accept the ${what} of this request.`,
    hint: `The operator of the server can allow it with ${option}.`,
  })
}
