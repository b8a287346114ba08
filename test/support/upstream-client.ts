import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { IN_MEMORY } from '../../src/store/sqlite.ts'
import {
  createUpstreamClient,
  type UpstreamClient,
  type UpstreamClientDeps,
} from '../../src/upstream-calls/upstream-client.ts'
import { DIST_DIR } from './package-dirs.ts'

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
    shops: null,
    extras: null,
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

/** The program's own client of an upstream, without a breaker and with an empty catalogue in memory. */
export function openUpstreamClient(deps: Pick<UpstreamClientDeps, 'upstream' | 'metering' | 'now'>): UpstreamClient {
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  return createUpstreamClient({ ...deps, catalogue, mirrorTtlMs: 1_000, breakerOf: null })
}
