/** Throttles addresses that send wrong keys. */
import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

/** Wrong keys in a row that are taken for mistakes. */
const BURST = 20

/** How long it takes until one of them is forgotten, in milliseconds. */
const FORGIVE_EVERY_MS = 3_000

/** A flood of addresses must not fill the memory. */
const MAX_ADDRESSES = 10_000

export interface AuthThrottle {
  /** Milliseconds until `address` is listened to; 0 = now. */
  waitMs(address: string): number
  /** Notes a wrong key. */
  wrong(address: string): void
}

/** Makes a throttle. @param now milliseconds of a clock that never goes back. */
export function createAuthThrottle(now: () => number): AuthThrottle {
  /** When all of an address's wrong keys will be forgotten. */
  const forgivenAt = new LRUCache<string, number>({ max: MAX_ADDRESSES })
  return {
    waitMs: address => {
      const debtMs = (forgivenAt.peek(networkOf(address)) ?? 0) - now()
      return Math.max(0, debtMs - (BURST - 1) * FORGIVE_EVERY_MS)
    },
    wrong: address => {
      const network = networkOf(address)
      forgivenAt.set(network, Math.max(now(), forgivenAt.get(network) ?? 0) + FORGIVE_EVERY_MS)
    },
  }
}

/** One caller has a whole /64 of IPv6: the first eight bytes, which is all of an IPv4 address. */
function networkOf(address: string): string {
  return isIPv6(address) ? ipaddr.process(address).toByteArray().slice(0, 8).join('.') : address
}
