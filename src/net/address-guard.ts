/** Decides which addresses pictures may be fetched from: the public internet and hosts that the operator allows. */
import { type LookupAddress, type LookupAllOptions, lookup as resolveByDns } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'
import { AppError } from '../errors.ts'
import { quoted } from '../offers/text.ts'

/** In a public range, but it leads to the Azure host of this machine. */
const AZURE_WIRE_SERVER = '168.63.129.16'

/** IANA's global unicast block; addresses outside it translate to IPv4, are local, or do not exist. */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3')

/** Top-level names that public DNS never resolves (RFC 6761, 6762, 8375, 9476 and names in common private use). */
const PRIVATE_TOP_LEVEL = new Set(
  'arpa corp example home internal intranet invalid lan local localdomain localhost onion private svc test'.split(' '),
)

/** Whether `address` is a public unicast IPv4 or IPv6 address; false for anything else. */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js alone would also accept `1.2.3`.
  if (isIP(address) === 0) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  // ipaddr.js 2.5 calls `::7f00:1` (127.0.0.1 in the deprecated IPv4-compatible form) unicast, hence GLOBAL_UNICAST_V6.
  return parsed.kind() === 'ipv4' ? parsed.toString() !== AZURE_WIRE_SERVER : parsed.match(GLOBAL_UNICAST_V6)
}

/** `public`: only if all its DNS answers are public; `allowed`: unchecked, because the operator allows it by name. */
export type Reach = 'public' | 'allowed'

export interface AddressGuard {
  /**
   * Checks what can be judged without DNS: scheme, user information, port, and a host that is an IP address (for which
   * sockets never call {@link AddressGuard.lookup}) or a private name. To be called again for each redirect.
   * @throws AppError `picture_refused`.
   */
  check(url: URL): Reach
  /** For sockets to `public` hosts: fails with `picture_refused` unless every DNS answer is public. */
  lookup: LookupFunction
  /**
   * Refuses a `public` host, before a proxy is asked for it, if our own DNS resolves it to a private address. A name
   * that our DNS does not know is left to the proxy: behind one, local DNS often knows no public names at all.
   */
  beforeProxy(hostname: string, callback: (refusal: Error | null) => void): void
}

/** Node's `dns.lookup`, as far as it is used. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses?: LookupAddress[]) => void,
) => void

export interface AddressGuardOptions {
  /** `host:port` entries that are allowed although private or on another port. */
  allow?: readonly string[]
  /** Host names of this server, which count as private: nothing is fetched from ourselves. */
  ownHosts?: readonly string[]
  /** Addresses of this machine. Default: those of its network interfaces, read for each check. */
  ownAddresses?: () => readonly string[]
  /** Default: `dns.lookup`. */
  resolve?: Resolve
}

/** @throws AppError `config_invalid` for an `allow` entry that is not `host:port`. */
export function createAddressGuard(options: AddressGuardOptions = {}): AddressGuard {
  const allowed = new Set((options.allow ?? []).map(parseAllowed))
  const resolve: Resolve = options.resolve ?? resolveByDns
  const ownHosts = new Set((options.ownHosts ?? []).map(hostOf))
  const { ownAddresses = interfaceAddresses } = options
  const isForeign = (address: string): boolean =>
    isPublicAddress(address) && !ownAddresses().some(own => isSameAddress(own, address))
  const isForeignHost = (host: string): boolean => {
    if (ownHosts.has(hostOf(host)) || !isPublicHost(host)) return false
    const address = host.replace(/^\[|\]$/g, '')
    return isIP(address) === 0 || isForeign(address)
  }
  const lookup: LookupFunction = (hostname, lookupOptions, callback) => {
    resolve(hostname, { ...lookupOptions, all: true }, (error, addresses = []) => {
      const arePublic = addresses.length > 0 && addresses.every(({ address }) => isForeign(address))
      if (error || !arePublic) callback(error ?? notPublic(), [])
      else callback(null, addresses)
    })
  }
  return {
    check(url) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw refused('A picture can only be fetched over http or https, redirects included.')
      }
      if (url.username !== '' || url.password !== '') {
        throw refused('The URL contains a user name or a password.', 'Pass a URL without them.')
      }
      if (allowed.has(`${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`)) return 'allowed'
      // The URL parser drops a scheme's default port: what is left is neither 80 for http nor 443 for https.
      if (url.port !== '' && url.port !== '80' && url.port !== '443') {
        throw refused(`Pictures are only fetched from ports 80 and 443, not from port ${url.port}.`)
      }
      if (!isForeignHost(url.hostname)) throw notPublic()
      return 'public'
    },
    lookup,
    beforeProxy(hostname, callback) {
      lookup(hostname, {}, error => callback(error instanceof AppError ? error : null))
    },
  }
}

const DEFAULT_PORTS = { 'http:': '80', 'https:': '443' } as const

/** @returns `host:port` with the host as the URL parser writes it. */
function parseAllowed(entry: string): string {
  const port = /^[^/@?#\\]+:(\d{1,5})$/.exec(entry)?.[1]
  if (port !== undefined && URL.canParse(`http://${entry}`))
    return `${new URL(`http://${entry}`).hostname}:${Number(port)}`
  throw new AppError({
    code: 'config_invalid',
    message: `Invalid --image-allow (MCP1688_IMAGE_ALLOW): ${quoted(entry)} is not a valid host:port to fetch pictures from.`,
    hint: 'Write entries such as images.example.com:8443 or [::1]:8080, separated by commas.',
  })
}

/** A public address of this machine reaches services that only listen here, past its firewall. */
function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap(list => (list ?? []).map(({ address }) => address))
}

function isSameAddress(a: string, b: string): boolean {
  return isIP(a) !== 0 && ipaddr.process(a).toNormalizedString() === ipaddr.process(b).toNormalizedString()
}

function hostOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

/** @param host of a parsed URL, so that an IPv4 address in any notation is plain by now. */
function isPublicHost(host: string): boolean {
  if (host.startsWith('[')) return isPublicAddress(host.slice(1, -1))
  if (/^[\d.]+$/.test(host)) return isPublicAddress(host)
  const labels = host.replace(/\.$/, '').split('.')
  return labels.length > 1 && !PRIVATE_TOP_LEVEL.has(labels.at(-1) ?? '')
}

function notPublic(): AppError {
  return refused(
    'The URL points to a machine that is not on the public internet; pictures are never fetched from there.',
    'Pass a public URL, or the picture itself as a base64 data: URL.',
  )
}

function refused(
  message: string,
  hint = 'Pass another picture, or the picture itself as a base64 data: URL.',
): AppError {
  return new AppError({ code: 'picture_refused', message, hint })
}
