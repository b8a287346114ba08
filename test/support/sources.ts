/** Owns sources that answer nothing by themselves, for tests of what stands around them. */
import type { Source } from '../../src/upstream-calls/failover.ts'

/** A source without an index. @param creditsPerCall 0 for one that costs nothing. */
export function makeSource(name: string, creditsPerCall: number): Source {
  const client = {
    name,
    creditsPerCall,
    plan: null,
    index: null,
    pictures: null,
    keywords: null,
    fetchDetails: () => Promise.reject(new Error('not asked here')),
    detailsCost: async () => 0,
    creditsPerCheck: 1,
    checkAccess: () => Promise.reject(new Error('not asked here')),
    usage: async () => null,
    creditsLeft: async () => null,
    limitsNotShared: false,
    close: async () => {},
  }
  return { client, mirror: null }
}
