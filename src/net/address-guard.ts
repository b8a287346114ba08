/** The rule of which addresses a picture may be fetched from: the public internet, and what the operator allows by name. */
import { type LookupAddress, type LookupAllOptions, lookup as resolveByDns } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { AppError } from '../errors.ts'

/** Azure's host channel: in a public range by number, yet it answers on the machine's own link. */
const AZURE_WIRE_SERVER = '168.63.129.16'

/** All that IANA gives out as global unicast; anything outside translates to IPv4, is local, or does not exist. */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3')

/** Top-level names that the public DNS never answers for (RFC 6761, 6762, 8375, 9476 and names in common private use). */
const PRIVATE_TOP_LEVEL = new Set(
  'arpa corp example home internal intranet invalid lan local localdomain localhost onion private svc test'.split(' '),
)

/** Whether `address`, an IPv4 or IPv6 address in text, is a public unicast one. False for anything that is no address. */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js alone would also take `1.2.3` for an address.
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  // ipaddr.js 2.5 calls `::7f00:1` (127.0.0.1 in the deprecated compatible form) unicast, hence the second rule for IPv6.
  return parsed.kind() === 'ipv4' ? parsed.toString() !== AZURE_WIRE_SERVER : parsed.match(GLOBAL_UNICAST_V6)
}

/** How an address may be reached: only where its DNS answers are `public`, or as it is because it is `allowed` by name. */
export type Reach = 'public' | 'allowed'

/** Decides about addresses; made by {@link createAddressGuard}. */
export interface AddressGuard {
  /**
   * Checks all of a URL that can be judged without DNS: scheme, user information, port, and a host that is an IP address
   * (for which sockets never ask {@link AddressGuard.lookup}) or a private name. Call it again for each redirect.
   * @throws AppError `picture_refused`.
   */
  check(url: URL): Reach
  /** A socket's `lookup` for `public` hosts: gives all answers if each is public and else fails with `picture_refused`. */
  lookup: LookupFunction
  /**
   * Refuses a `public` host that a proxy is about to be asked for, where our own DNS leads to a private machine. A name that it does not know
   * is left to the proxy, which resolves it again by itself: behind one the DNS often knows no public names at all.
   */
  beforeProxy(hostname: string, callback: (refusal: Error | null) => void): void
}

/** Asks the DNS for all addresses of a name; Node's `dns.lookup` is one. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses?: LookupAddress[]) => void,
) => void

export interface AddressGuardOptions {
  /** `host:port` entries that may be fetched from though private or on another port. */
  allow?: readonly string[]
  /** Node's own where left out. */
  resolve?: Resolve
}

/**
 * Makes the guard.
 * @throws AppError `config_invalid` for an `allow` entry that is not `host:port`.
 */
export function createAddressGuard(options: AddressGuardOptions = {}): AddressGuard {
  const allowed = new Set((options.allow ?? []).map(parseAllowed))
  const resolve: Resolve = options.resolve ?? resolveByDns
  const lookup: LookupFunction = (hostname, lookupOptions, callback) => {
    resolve(hostname, { ...lookupOptions, all: true }, (error, addresses = []) => {
      const arePublic = addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address))
      if (error || !arePublic) callback(error ?? notPublic(), [])
      else callback(null, addresses)
    })
  }
  return {
    check(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw refused('The address of a picture must be http or https all the way.')
      }
      if (url.username !== '' || url.password !== '') {
        throw refused('The address holds a user name or a password.', 'Pass an address without them.')
      }
      if (allowed.has(`${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`)) return 'allowed'
      // The URL parser drops a scheme's own port; whatever is left is neither 80 for http nor 443 for https.
      if (url.port !== '' && url.port !== '80' && url.port !== '443') {
        throw refused('Pictures are only fetched from ports 80 and 443.')
      }
      if (!isPublicHost(url.hostname)) throw notPublic()
      return 'public'
    },
    lookup,
    beforeProxy(hostname, callback) {
      lookup(hostname, {}, error => callback(error instanceof AppError ? error : null))
    },
  }
}

const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' } as const

/** `host:port` as {@link AddressGuard.check} compares it: the host as the URL parser writes it. */
function parseAllowed(entry: string): string {
  const port = /^[^/@?#\\]+:(\d{1,5})$/.exec(entry)?.[1]
  if (port !== undefined && URL.canParse(`http://${entry}`))
    return `${new URL(`http://${entry}`).hostname}:${Number(port)}`
  throw new AppError({
    code: 'config_invalid',
    message: 'An entry of the hosts that pictures may be fetched from is not host:port.',
    hint: 'Write entries such as images.example.com:8443 or [::1]:8080, separated by commas.',
  })
}

/** Whether a URL's host (numbers in any notation are plain by now) is a public address or a name that public DNS may know. */
function isPublicHost(host: string): boolean {
  if (host.startsWith('[')) return isPublicAddress(host.slice(1, -1))
  if (/^[\d.]+$/.test(host)) return isPublicAddress(host)
  const labels = host.replace(/\.$/, '').split('.')
  return labels.length > 1 && !PRIVATE_TOP_LEVEL.has(labels.at(-1) ?? '')
}

function notPublic(): AppError {
  return refused(
    'The address leads to a machine that is not on the public internet, where pictures are never fetched.',
    'Pass a public address, or the picture itself as a base64 data: URL.',
  )
}

function refused(
  message: string,
  hint = 'Pass another picture, or the picture itself as a base64 data: URL.',
): AppError {
  return new AppError({ code: 'picture_refused', message, hint })
}
