import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { CacheStore } from '../../src/cache/cache-store.ts'
import { createReplyCache, type ReplyCache } from '../../src/cache/reply-cache.ts'
import { createSqliteCacheStore } from '../../src/cache/sqlite/cache-store.ts'
import { createLogger } from '../../src/log.ts'
import type { Clock } from '../../src/time/clock.ts'

export interface CacheFixture {
  readonly file: string
  readonly log: readonly string[]
  openStore(clock: Clock): CacheStore
  /** Opens a cache as another process would. */
  open(clock: Clock): ReplyCache
  /** Every byte that was written, as one character each. */
  bytes(): string
  /** Closes all caches and stores and deletes the file. */
  remove(): Promise<void>
}

/** The file is created at its first use. */
export function createCacheFixture(): CacheFixture {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-cache-'))
  const file = path.join(folder, 'data', 'cache.db')
  const opened: { close(): Promise<void> }[] = []
  const log: string[] = []
  const logger = createLogger({ level: 'debug', write: line => log.push(line) })

  function openStore(clock: Clock): CacheStore {
    const store = createSqliteCacheStore({ file, clock })
    opened.push(store)
    return store
  }
  return {
    file,
    log,
    openStore,
    open(clock) {
      const cache = createReplyCache({ store: createSqliteCacheStore({ file, clock }), clock, logger })
      opened.push(cache)
      return cache
    },
    bytes() {
      const data = path.dirname(file)
      return readdirSync(data)
        .map(name => readFileSync(path.join(data, name), 'latin1'))
        .join('')
    },
    async remove() {
      for (const one of opened) await one.close()
      rmSync(folder, { recursive: true })
    },
  }
}
