/** What is asked of a request before anything else: a plain path, a host that is ours, and no foreign web page behind it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { HttpRefusal } from './refusal.ts'

/** Names of this machine for itself. */
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/** A Host header without tricks: a name or address, perhaps a port. `user@localhost` is one that URL parsers fall for. */
const HOST = /^([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/

export interface GuardOptions {
  /** The address that the server listens on. */
  bindHost: string
  /** Further host names, without ports. */
  allowedHosts: readonly string[]
  /** Origins of web pages that may call, as a browser writes them. */
  allowedOrigins: readonly string[]
}

export interface Guards {
  /**
   * The path of a request, checked.
   * @throws HttpRefusal 400 for a target that is no path, 403 for a foreign host (a rebound DNS name among them) or origin.
   */
  check(target: string, headers: IncomingHttpHeaders): string
  /** The origin if it is one of {@link GuardOptions.allowedOrigins}: then CORS headers are sent. */
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

  const isOurs = (host: string | undefined): boolean => {
    const name = HOST.exec(host?.toLowerCase() ?? '')?.[1]
    return name !== undefined && names.has(name)
  }
  /** Pages that this machine serves to itself may call; browsers let them read nothing without CORS. */
  const isFriendly = (origin: string): boolean =>
    origins.has(origin.toLowerCase()) || (/^https?:\/\//i.test(origin) && LOOPBACK_NAMES.includes(hostnameOf(origin)))

  return {
    check: (target, { host, origin }) => {
      if (!target.startsWith('/') || target.includes('#')) throw badTarget()
      if (!isOurs(host)) throw foreign('host', 'MCP1688_ALLOWED_HOSTS')
      if (origin !== undefined && !isFriendly(origin)) throw foreign('origin', 'MCP1688_ALLOWED_ORIGINS')
      const end = target.indexOf('?')
      return end === -1 ? target : target.slice(0, end)
    },
    corsOrigin: ({ origin }) => (origin !== undefined && origins.has(origin.toLowerCase()) ? origin : null),
  }
}

/** Node keeps the first of two Host headers, a proxy in front may have gone by the other. @throws HttpRefusal 400. */
export function refuseTwoHosts({ headersDistinct }: IncomingMessage): void {
  if ((headersDistinct.host?.length ?? 0) <= 1) return
  throw new HttpRefusal({
    status: 400,
    code: 'bad_request',
    message: 'The request has more than one Host header.',
    hint: 'Send one.',
  })
}

/**
 * A page of another site can have a browser ask without an Origin, as for a picture: it reads nothing, and would spend credits where no key is needed.
 * @throws HttpRefusal 403.
 */
export function refuseOtherSite({ origin, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  if (site === 'cross-site' && origin === undefined) throw foreign('origin', 'MCP1688_ALLOWED_ORIGINS')
}

function hostnameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname : ''
}

function badTarget(): HttpRefusal {
  return new HttpRefusal({
    status: 400,
    code: 'bad_request',
    message: 'The request names no path.',
    hint: 'Ask for a path, for example /mcp.',
  })
}

function foreign(what: 'host' | 'origin', option: string): HttpRefusal {
  return new HttpRefusal({
    status: 403,
    code: `foreign_${what}`,
    message: `This server does not answer to the ${what} of this request.`,
    hint: `If it is meant to, whoever runs it adds it to ${option}.`,
  })
}
