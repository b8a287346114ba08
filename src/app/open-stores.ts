/** Opens the stores: catalogue, reply cache and ledgers. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { CacheStore } from '../cache/cache-store.ts'
import { createPostgresCacheStore } from '../cache/postgres/cache-store.ts'
import { createRecentStore } from '../cache/recent-store.ts'
import { createSqliteCacheStore } from '../cache/sqlite/cache-store.ts'
import { type Catalogue, catalogueNotKept } from '../catalogue/catalogue.ts'
import { createLazyCatalogue } from '../catalogue/lazy-catalogue.ts'
import { createPostgresCatalogue } from '../catalogue/postgres/catalogue.ts'
import { hasPgvector } from '../catalogue/postgres/schema.ts'
import { createSqliteCatalogue } from '../catalogue/sqlite/catalogue.ts'
import { createKeptImports, type KeptImports } from '../catalogue/sqlite/kept-imports.ts'
import { createOwnOffers, type RestoredImports } from '../catalogue/sqlite/own-offers.ts'
import { createRecoveringCatalogue } from '../catalogue/sqlite/recovering-catalogue.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { ExportStore } from '../exports/export-store.ts'
import { createPostgresExportStore } from '../exports/postgres/export-store.ts'
import { createSqliteExportStore } from '../exports/sqlite/export-store.ts'
import type { HistoryStore } from '../history/history.ts'
import { createPostgresHistory } from '../history/postgres/history.ts'
import { createPostgresWatchStore } from '../history/postgres/watch-store.ts'
import { createSqliteHistory, type UseFile } from '../history/sqlite/history.ts'
import { createSqliteWatchStore } from '../history/sqlite/watch-store.ts'
import type { WatchStore } from '../history/watch-store.ts'
import type { StoredBytes } from '../http/server/metrics.ts'
import type { Allowance } from '../limits/ledger/allowance.ts'
import type { Ledger } from '../limits/ledger/ledger.ts'
import { accountName, createPostgresLedger } from '../limits/ledger/postgres/ledger.ts'
import { openLedgerFile } from '../limits/ledger/sqlite/ledger-file.ts'
import type { Logger } from '../log.ts'
import type { Remark, TakeRemarks } from '../offers/results/results.ts'
import { type ReadSigningSecret, secretInFile, secretInPostgres } from '../pictures/addresses/signing-secret.ts'
import type { PhotoStore } from '../pictures/upload/photo-store.ts'
import { createPostgresPhotoStore } from '../pictures/upload/postgres/photo-store.ts'
import { createSqlitePhotoStore } from '../pictures/upload/sqlite/photo-store.ts'
import { folderBytes } from '../store/folder-bytes.ts'
import { createPostgres, type Postgres } from '../store/postgres.ts'
import { openPool } from '../store/postgres-driver.ts'
import { numberIn } from '../store/row.ts'
import { IN_MEMORY } from '../store/sqlite.ts'
import { systemClock } from '../time/clock.ts'

const CATALOGUE_FILE = 'catalogue.db'

/** Imported offers, with copies. */
const OWN_FILE = 'own.db'

/** Each store is closed by the part that receives it. */
export interface Stores {
  catalogue: Catalogue
  /** For the next answer: how the catalogue is stored, and once which damaged files were set aside. */
  takeRemarks: TakeRemarks
  /** `null` if caching is off. */
  cacheStore: CacheStore | null
  photos: PhotoStore
  exports: ExportStore
  /** Signs the addresses of pictures. */
  signingSecret: ReadSigningSecret
  history: HistoryStore
  watches: WatchStore
  /** On this machine, and in the database, whose other tables count as well. */
  storedBytes(): Promise<StoredBytes>
  /** Whether the data folder holds imported offers of before the database was configured. */
  hasOtherOffers(): boolean
  /** Puts a remark on the next answer. */
  notice(remark: Remark): void
  /** @throws AppError `store_unavailable`. */
  openLedger(apiKey: string, allowance: Allowance): Ledger
  /** Closes the database connection; to be called after all its users are closed. */
  close(): Promise<void>
}

export interface StoresOptions {
  config: Config
  /** Contains the built scan.wasm. */
  distDir: string
  logger: Logger
}

/** In the data folder, or in the configured database, which is connected at the first use. */
export function openStores(options: StoresOptions): Stores {
  const { store } = options.config
  return store === undefined ? openFiles(options) : openDatabase(store, options)
}

function openDatabase(url: string, options: StoresOptions): Stores {
  const { cache } = options.config
  const postgres = createPostgres(() => openPool(url))
  const notices = createNotices(options)
  const size = postgres.tables('size', [])
  return {
    catalogue: createLazyCatalogue(() => chooseCatalogue(postgres, options, notices)),
    takeRemarks: notices.take,
    cacheStore: cache === 'on' ? createRecentStore(createPostgresCacheStore({ postgres })) : null,
    photos: createPostgresPhotoStore(postgres),
    exports: createPostgresExportStore(postgres),
    signingSecret: secretInPostgres(postgres),
    history: createPostgresHistory(postgres),
    watches: createPostgresWatchStore(postgres),
    storedBytes: async () => {
      const [row] = await size.query('SELECT pg_database_size(current_database())::float8 AS bytes')
      return { files: await folderBytes(options.config.dataDir), database: numberIn(row, 'bytes') }
    },
    hasOtherOffers: () => existsSync(path.join(options.config.dataDir, OWN_FILE)),
    notice: notices.add,
    openLedger: (apiKey, allowance) =>
      createPostgresLedger({ postgres, account: accountName('upstream', apiKey), allowance, clock: systemClock }),
    close: postgres.close,
  }
}

export interface CatalogueAt {
  catalogue: Catalogue
  close(): Promise<void>
}

/** A catalogue to read must exist; one to write is created if missing. */
export type CatalogueUse = 'read' | 'write'

/**
 * @param place `files`: the data folder; `store`: the configured database; else a folder or a database URL.
 * @throws AppError `config_invalid`, `not_found` for a folder without a catalogue, or `store_unavailable`.
 */
export function openCatalogueAt(place: string, use: CatalogueUse, options: StoresOptions): CatalogueAt {
  const { config, distDir, logger } = options
  const url = place === 'store' ? config.store : /^postgres(ql)?:\/\//.test(place) ? place : null
  if (url === undefined) {
    throw new AppError({
      code: 'config_invalid',
      message: 'No database is configured.',
      hint: 'Name one with MCP1688_STORE=postgres://….',
    })
  }
  if (url !== null) {
    const postgres = createPostgres(() => openPool(url))
    return { catalogue: createPostgresCatalogue(postgres, { distDir }), close: postgres.close }
  }
  const folder = place === 'files' ? config.dataDir : path.resolve(place)
  const file = path.join(folder, CATALOGUE_FILE)
  if (use === 'read' && !existsSync(file)) {
    throw new AppError({
      code: 'not_found',
      message: `There is no catalogue in ${folder}.`,
      hint: `Name a folder that holds ${CATALOGUE_FILE}.`,
    })
  }
  const catalogue =
    use === 'read'
      ? createSqliteCatalogue({ file, distDir })
      : openCatalogueIn(folder, distDir, logger, createNotices(options))
  return { catalogue, close: catalogue.close }
}

/** Without pgvector (Debian 12's PostgreSQL has none), limits, replies and keys are still shared. */
async function chooseCatalogue(postgres: Postgres, options: StoresOptions, notices: Notices): Promise<Catalogue> {
  const { distDir, logger } = options
  if (await hasPgvector(postgres)) return createPostgresCatalogue(postgres, { distDir })
  logger.warn('the database has no pgvector 0.8: the catalogue is kept in the data folder, and not shared by machines')
  return openCatalogueFile(options, notices).catalogue
}

function openFiles(options: StoresOptions): Stores {
  const { logger } = options
  const { dataDir, cache } = options.config
  const notices = createNotices(options)
  const replies = createSqliteCacheStore({
    file: path.join(dataDir, 'cache.db'),
    clock: systemClock,
    onSetAside: file => notices.setAside({ kind: 'replies_set_aside', file }),
  })
  const { catalogue, useOwnFile } = openCatalogueFile(options, notices)
  return {
    catalogue,
    takeRemarks: notices.take,
    cacheStore: cache === 'on' ? createRecentStore(replies) : null,
    photos: createSqlitePhotoStore({ dataDir, now: systemClock.now }),
    exports: createSqliteExportStore({ dataDir, now: systemClock.now }),
    signingSecret: secretInFile(dataDir),
    history: createSqliteHistory(useOwnFile),
    watches: createSqliteWatchStore(useOwnFile),
    storedBytes: async () => ({ files: await folderBytes(dataDir), database: null }),
    hasOtherOffers: () => false,
    notice: notices.add,
    openLedger: (apiKey, allowance) =>
      openLedgerFile({ dataDir, account: apiKey, allowance, clock: systemClock, logger }),
    close: async () => undefined,
  }
}

interface CatalogueAndOwn {
  catalogue: Catalogue
  useOwnFile: UseFile
}

/** The catalogue only saves work: if its file is unusable, one in memory replaces it, and every answer says so. */
function openCatalogueFile({ config, distDir, logger }: StoresOptions, notices: Notices): CatalogueAndOwn {
  try {
    const catalogue = openCatalogueIn(config.dataDir, distDir, logger, notices)
    return { catalogue, useOwnFile: catalogue.useOwnFile }
  } catch (cause) {
    logger.warn('catalogue kept in memory', { cause })
    notices.standing.push({ kind: 'catalogue_in_memory' })
    const inMemory = createSqliteCatalogue({ file: IN_MEMORY, distDir })
    const notKept = () => Promise.reject(catalogueNotKept())
    return { catalogue: { ...inMemory, checkKept: notKept }, useOwnFile: notKept }
  }
}

/** The catalogue of a folder, with the imported offers in a file of their own. */
function openCatalogueIn(folder: string, distDir: string, logger: Logger, notices: Notices): KeptImports {
  const ownFile = path.join(folder, OWN_FILE)
  const { now } = systemClock
  let kept: KeptImports | undefined
  const index = createRecoveringCatalogue({
    file: path.join(folder, CATALOGUE_FILE),
    distDir,
    now,
    onSetAside: ({ file, mayHoldImports }) => {
      kept?.onReplaced()
      const isOnlyPlace = mayHoldImports && !existsSync(ownFile)
      notices.setAside({ kind: 'catalogue_set_aside', file, mayHoldImports: isOnlyPlace })
    },
  })
  const onRestored = (restored: RestoredImports) => notices.restored({ kind: 'imports_restored', ...restored })
  kept = createKeptImports(index, createOwnOffers({ file: ownFile, index, now, onRestored }), logger)
  return kept
}

interface Notices {
  /** For every answer. */
  readonly standing: Remark[]
  setAside(remark: Extract<Remark, { kind: 'replies_set_aside' | 'catalogue_set_aside' }>): void
  restored(remark: Extract<Remark, { kind: 'imports_restored' }>): void
  add(remark: Remark): void
  take: TakeRemarks
}

function createNotices({ config: { dataDir }, logger }: StoresOptions): Notices {
  const standing: Remark[] = []
  const news: Remark[] = []
  return {
    standing,
    setAside(remark) {
      logger.warn('a damaged file was set aside, and a new one started', { dataDir, file: remark.file })
      news.push(remark)
    },
    restored(remark) {
      logger.warn('the file of imported offers was restored', { dataDir, ...remark })
      news.push(remark)
    },
    add: remark => void news.push(remark),
    take: () => [...standing, ...news.splice(0)],
  }
}
