/** Owns slowing whoever tries wrong keys: each address may be wrong so often, then is not listened to for a while. */
import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Wrong keys in a row that are taken for mistakes. */
const BURST = 20

/** How long it takes until one of them is forgotten, in milliseconds. */
const FORGIVE_EVERY_MS = 3_000

/** Addresses that are remembered; beyond it the oldest is forgotten, so that a flood of addresses does not fill the memory. */
const MAX_ADDRESSES = 10_000

/** Counts wrong keys by address. */
export interface GuessBrake {
  /** Milliseconds until `address` is listened to; 0 = now. */
  waitMs(address: string): number
  /** Notes a wrong key. */
  wrong(address: string): void
}

/** Makes a brake. @param now milliseconds of a clock that never goes back. */
export function createGuessBrake(now: () => number): GuessBrake {
  /** When all of an address's wrong keys will be forgotten. */
  const forgivenAt = new Map<string, number>()
  return {
    waitMs: address => {
      const debtMs = (forgivenAt.get(networkOf(address)) ?? 0) - now()
      return Math.max(0, debtMs - (BURST - 1) * FORGIVE_EVERY_MS)
    },
    wrong: address => {
      const network = networkOf(address)
      const at = Math.max(now(), forgivenAt.get(network) ?? 0) + FORGIVE_EVERY_MS
      forgivenAt.delete(network)
      forgivenAt.set(network, at)
      const [oldest] = forgivenAt.keys()
      if (forgivenAt.size > MAX_ADDRESSES && oldest !== undefined) forgivenAt.delete(oldest)
    },
  }
}

/** One caller has a whole /64 of IPv6: the first eight bytes, which is all of an IPv4 address. */
function networkOf(address: string): string {
  return isIPv6(address) ? ipaddr.process(address).toByteArray().slice(0, 8).join('.') : address
}
