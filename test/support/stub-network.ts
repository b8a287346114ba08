/** A network without DNS, in which no socket leaves the machine but each one is counted. */
import { BlockList, connect, isIP, isIPv6 } from 'node:net'
import type { buildConnector } from 'undici'
import type { Resolve } from '../../src/net/address-guard.ts'
import type { CreateConnector } from '../../src/pictures/fetch/http-client.ts'

export interface Dialled {
  address: string
  port: number
}

export interface StubNetwork {
  /** Stands in for `dns.lookup`. */
  resolve: Resolve
  /** Stands in for undici's `buildConnector`. */
  createConnector: CreateConnector
  /** Names that were resolved, in order. */
  readonly asked: readonly string[]
  readonly dialled: readonly Dialled[]
  /** Those of {@link dialled} that lead to a non-public address or a port other than 80 and 443. */
  hostile(): Dialled[]
}

/** For each name the answers to the first query, the second, …; the last one repeats. */
export type Names = Readonly<Record<string, readonly (readonly string[])[]>>

/**
 * @param names that resolve; any other is ENOTFOUND.
 * @param serverPort the port on 127.0.0.1 where every socket ends up; without it every connection is refused.
 */
export function createStubNetwork(names: Names, serverPort?: number): StubNetwork {
  const asked: string[] = []
  const dialled: Dialled[] = []

  const resolve: Resolve = (name, _options, callback) => {
    const answers = names[name] ?? []
    const turn = asked.filter(earlier => earlier === name).length
    asked.push(name)
    const addresses = answers[Math.min(turn, answers.length - 1)] ?? []
    if (addresses.length === 0) callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    else
      callback(
        null,
        addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 })),
      )
  }
  const dial = (addresses: readonly string[], port: number, callback: buildConnector.Callback): void => {
    // Node may try every answer, so each counts as a socket.
    for (const address of addresses) dialled.push({ address, port })
    if (serverPort === undefined) {
      callback(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), null)
    } else {
      const socket = connect(serverPort, '127.0.0.1', () => callback(null, socket))
    }
  }

  return {
    resolve,
    createConnector: options => (target, callback) => {
      const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80))
      const hostname = target.hostname.replace(/^\[|\]$/g, '')
      // As in Node: a socket resolves no name if the host is an address.
      if (isIP(hostname)) return dial([hostname], port, callback)
      const ask = options.lookup ?? resolve
      ask(hostname, { all: true }, (error, addresses = []) => {
        if (error) callback(error, null)
        else dial(Array.isArray(addresses) ? addresses.map(({ address }) => address) : [addresses], port, callback)
      })
    },
    asked,
    dialled,
    hostile: () => dialled.filter(({ address, port }) => !isPublic(address) || (port !== 80 && port !== 443)),
  }
}

/**
 * IANA's special-purpose registries, multicast and cloud addresses: written separately from the product's guard and
 * without its library, so that each shows holes in the other.
 */
const NOT_PUBLIC_V4 = [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24',
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
].flatMap(line => line.split(' '))
const NOT_PUBLIC_V6 = '2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20'.split(' ')

const notPublic = createBlockList([...NOT_PUBLIC_V4, ...NOT_PUBLIC_V6])
const globalV6 = createBlockList(['2000::/3'])

/** @param address in plain notation. */
export function isPublic(address: string): boolean {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  return !notPublic.check(address, family) && (family === 'ipv4' || globalV6.check(address, family))
}

function createBlockList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list
}
