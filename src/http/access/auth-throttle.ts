/** Throttles addresses that send wrong keys. */
import { LRUCache } from 'lru-cache'
import { networkOf } from './network.ts'

/** Wrong keys in a row that may be honest mistakes. */
const BURST = 20

/** Each wrong key is forgotten after this time. */
const FORGIVE_EVERY_MS = 3_000

/** Limits the memory that a flood of addresses can take. */
const MAX_ADDRESSES = 10_000

export interface AuthThrottle {
  /** Milliseconds until `address` may try again; 0 = now. */
  waitMs(address: string): number
  recordWrongKey(address: string): void
}

/** @param now milliseconds of a monotonic clock. */
export function createAuthThrottle(now: () => number): AuthThrottle {
  /** When all wrong keys of an address will be forgotten. */
  const forgivenAt = new LRUCache<string, number>({ max: MAX_ADDRESSES })
  return {
    waitMs: address => {
      const debtMs = (forgivenAt.peek(networkOf(address)) ?? 0) - now()
      return Math.max(0, debtMs - (BURST - 1) * FORGIVE_EVERY_MS)
    },
    recordWrongKey: address => {
      const network = networkOf(address)
      forgivenAt.set(network, Math.max(now(), forgivenAt.get(network) ?? 0) + FORGIVE_EVERY_MS)
    },
  }
}
