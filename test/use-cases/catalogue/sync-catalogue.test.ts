import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { catalogueNotKept } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../src/errors.ts'
import type { MirrorReport } from '../../../src/offers/results/results.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import type { Mirror } from '../../../src/upstream-calls/index-mirror.ts'
import { createSyncCatalogue } from '../../../src/use-cases/catalogue/sync-catalogue.ts'
import type { Sources } from '../../../src/use-cases/catalogue-sources.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

const SOURCES: Sources = {
  searchedWith: async ({ name }) => [name],
  named: async name => name,
  all: async () => [],
  hasImports: async () => false,
  remarksOn: async () => [],
}

it('lets go of its time limit where the pictures cannot be compared', async () => {
  const syncCatalogue = createSyncCatalogue({
    catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR }),
    sources: SOURCES,
    upstreams: [makeUpstreamClient('parse', 1)],
    embedder: { id: 'none', embed: async () => ({ vectors: [], regions: [] }), close: async () => undefined },
    indexer: {
      isRunning: false,
      run: async () => {
        throw new AppError({ code: 'config_invalid', message: 'no model', hint: 'none' })
      },
    },
    takeRemarks: () => [],
    now: Date.now,
  })
  const { signal } = new AbortController()
  const sync = syncCatalogue({ maxCredits: 1, budgetMs: 60_000 }, { signal })
  await expect(sync).rejects.toMatchObject({ code: 'config_invalid' })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

it('waits for the limits within its time, and reports that without stepping back', async () => {
  const waits: (number | undefined)[] = []
  const whole: MirrorReport = { fetched: 120, total: 120, creditsToFinish: 0 }
  const mirror: Mirror = {
    report: async () => whole,
    fillFor: () => Promise.reject(new Error('not asked here')),
    advance: async ({ waitUntil, onPage, onProgress }) => {
      waits.push(waitUntil)
      onPage?.({ ...whole, fetched: 60 }, 1)
      onProgress?.({ done: 0, message: 'waiting about 9 s for the rate limit' })
      onPage?.(whole, 2)
      return { value: whole, creditsSpent: 2, retrievedAt: 0, staleBecause: null }
    },
  }
  const syncCatalogue = createSyncCatalogue({
    catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR }),
    sources: SOURCES,
    upstreams: [makeUpstreamClient('parse', 1, { mirror })],
    embedder: { id: 'none', embed: async () => ({ vectors: [], regions: [] }), close: async () => undefined },
    indexer: { isRunning: false, run: async () => undefined },
    takeRemarks: () => [],
    now: () => 1_000,
  })
  const progress: unknown[] = []
  const call = { signal: new AbortController().signal, onProgress: (news: unknown) => progress.push(news) }
  await syncCatalogue({ maxCredits: 9, budgetMs: 38_000 }, call)
  expect(waits).toEqual([39_000])
  expect(progress).toEqual([
    { done: 60, total: 120, message: 'offers fetched: 60' },
    { done: 60, total: 120, message: 'waiting about 9 s for the rate limit' },
    { done: 120, total: 120, message: 'offers fetched: 120' },
  ])
})

it('asks no upstream if the catalogue cannot be written', async () => {
  const mirror: Mirror = {
    report: () => Promise.reject(new Error('not asked here')),
    fillFor: () => Promise.reject(new Error('not asked here')),
    advance: () => Promise.reject(new Error('not asked here')),
  }
  const catalogue = createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR })
  const syncCatalogue = createSyncCatalogue({
    catalogue: { ...catalogue, checkKept: () => Promise.reject(catalogueNotKept()) },
    sources: SOURCES,
    upstreams: [makeUpstreamClient('parse', 1, { mirror })],
    embedder: { id: 'none', embed: async () => ({ vectors: [], regions: [] }), close: async () => undefined },
    indexer: { isRunning: false, run: async () => undefined },
    takeRemarks: () => [],
    now: Date.now,
  })
  const sync = syncCatalogue({ maxCredits: 1, budgetMs: null }, { signal: new AbortController().signal })
  await expect(sync).rejects.toMatchObject({ code: 'store_unavailable' })
})

describe('a 429 in the middle', () => {
  const page = (fetched: number): MirrorReport => ({ fetched, total: 300, creditsToFinish: 5 - fetched / 60 })
  const limited = (retryAfterMs: number) =>
    new AppError({ code: 'rate_limited', message: '429', hint: 'later', retryable: true, retryAfterMs })

  /** @param steps pages fetched by each attempt before it fails; the attempt after the last one succeeds. */
  async function syncWith(steps: readonly number[], budgetMs: number | null, maxCredits = 9) {
    const attempts: number[] = []
    let fetched = 0
    const mirror: Mirror = {
      report: async () => page(fetched),
      fillFor: () => Promise.reject(new Error('not asked here')),
      advance: async ({ maxCredits: mayCost, onPage }) => {
        const pages = steps[attempts.push(mayCost) - 1] ?? 1
        for (let spent = 1; spent <= pages; spent++) {
          fetched += 60
          onPage?.(page(fetched), spent)
        }
        if (attempts.length <= steps.length) throw limited(60_000)
        return { value: page(fetched), creditsSpent: pages, retrievedAt: 0, staleBecause: null }
      },
    }
    const syncCatalogue = createSyncCatalogue({
      catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR }),
      sources: SOURCES,
      upstreams: [makeUpstreamClient('parse', 1, { mirror })],
      embedder: { id: 'none', embed: async () => ({ vectors: [], regions: [] }), close: async () => undefined },
      indexer: { isRunning: false, run: async () => undefined },
      takeRemarks: () => [],
      now: () => 1_000,
    })
    const result = await syncCatalogue({ maxCredits, budgetMs }, { signal: new AbortController().signal })
    return { attempts, result }
  }

  it('does not end a sync that has time to wait, and counts what was spent before', async () => {
    const { attempts, result } = await syncWith([2, 1], null)
    expect(attempts).toEqual([9, 7, 6])
    expect(result).toMatchObject({ fetched: 240, credits: { spent: 4 }, retryAfterMs: null })
  })

  it('ends a sync that has no time to wait, and says when to go on', async () => {
    const { attempts, result } = await syncWith([2], 38_000)
    expect(attempts).toEqual([9])
    expect(result).toMatchObject({ fetched: 120, credits: { spent: 2 }, retryAfterMs: 60_000 })
  })

  it('ends a sync that is refused again and again', async () => {
    const { attempts, result } = await syncWith([1, 0, 0, 0, 0, 0, 0, 0], null)
    expect(attempts).toHaveLength(5)
    expect(result).toMatchObject({ fetched: 60, credits: { spent: 1 }, retryAfterMs: 60_000 })
  })
})
