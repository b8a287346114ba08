import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { catalogueNotKept } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../src/errors.ts'
import type { MirrorReport } from '../../../src/offers/results/results.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import type { Mirror } from '../../../src/upstream-calls/index-mirror.ts'
import { createSyncCatalogue } from '../../../src/use-cases/catalogue/sync-catalogue.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

it('lets go of its time limit where the pictures cannot be compared', async () => {
  const syncCatalogue = createSyncCatalogue({
    catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir: DIST_DIR }),
    upstreams: [makeUpstreamClient('parse', 1)],
    embedder: { id: 'none', embed: async () => [], close: async () => undefined },
    indexer: {
      isRunning: false,
      run: async () => {
        throw new AppError({ code: 'config_invalid', message: 'no model', hint: 'none' })
      },
      close: async () => undefined,
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
    upstreams: [makeUpstreamClient('parse', 1, { mirror })],
    embedder: { id: 'none', embed: async () => [], close: async () => undefined },
    indexer: { isRunning: false, run: async () => undefined, close: async () => undefined },
    takeRemarks: () => [],
    now: () => 1_000,
  })
  const progress: unknown[] = []
  const call = { signal: new AbortController().signal, onProgress: (news: unknown) => progress.push(news) }
  await syncCatalogue({ maxCredits: 9, budgetMs: 38_000 }, call)
  expect(waits).toEqual([39_000])
  expect(progress).toEqual([
    { done: 60, total: 120, message: '60 offers fetched' },
    { done: 60, total: 120, message: 'waiting about 9 s for the rate limit' },
    { done: 120, total: 120, message: '120 offers fetched' },
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
    upstreams: [makeUpstreamClient('parse', 1, { mirror })],
    embedder: { id: 'none', embed: async () => [], close: async () => undefined },
    indexer: { isRunning: false, run: async () => undefined, close: async () => undefined },
    takeRemarks: () => [],
    now: Date.now,
  })
  const sync = syncCatalogue({ maxCredits: 1, budgetMs: null }, { signal: new AbortController().signal })
  await expect(sync).rejects.toMatchObject({ code: 'store_unavailable' })
})
