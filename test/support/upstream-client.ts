import type { UpstreamClient } from '../../src/upstream-calls/upstream-client.ts'

/** An upstream that can only do what `abilities` says. */
export function makeUpstreamClient(
  name: string,
  creditsPerCall: number,
  abilities: Partial<UpstreamClient> = {},
): UpstreamClient {
  return {
    name,
    creditsPerCall,
    plan: null,
    index: null,
    mirror: null,
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
    ...abilities,
  }
}
