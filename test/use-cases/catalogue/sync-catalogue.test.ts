import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { AppError } from '../../../src/errors.ts'
import { IN_MEMORY } from '../../../src/store/sqlite.ts'
import { createSyncCatalogue } from '../../../src/use-cases/catalogue/sync-catalogue.ts'
import { DIST_DIR } from '../../support/package-dirs.ts'
import { makeUpstreamClient } from '../../support/upstream-client.ts'

it('lets go of its time limit where the pictures cannot be compared', async () => {
  const syncCatalogue = createSyncCatalogue({
    isCatalogueKept: true,
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
  })
  const { signal } = new AbortController()
  const sync = syncCatalogue({ maxCredits: 1, budgetMs: 60_000 }, { signal })
  await expect(sync).rejects.toMatchObject({ code: 'config_invalid' })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})
