/** Owns where things are kept: the catalogue, the replies and the ledgers, each opened by its port. */
import path from 'node:path'
import type { CacheStore } from './cache/cache-store.ts'
import { createSqliteCacheStore } from './cache/sqlite-cache-store.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import { createSqliteCatalogue } from './catalogue/sqlite-catalogue.ts'
import type { Config } from './config.ts'
import { systemClock } from './limits/clock.ts'
import type { Allowance, Ledger } from './limits/ledger.ts'
import { openLedgerFile } from './limits/ledger-file.ts'
import type { Logger } from './log.ts'
import type { Remark } from './offers/result.ts'
import { IN_MEMORY } from './store/sqlite.ts'

/** The stores of one program. Whoever is given one closes it. */
export interface Stores {
  catalogue: Catalogue
  /** What every answer must say of how the catalogue is kept. */
  remarks: Remark[]
  /** Where replies are kept; `null` where they are not to be. */
  cacheStore: CacheStore | null
  /** Opens the ledger of one key. Throws AppError `store_unavailable`. */
  openLedger(apiKey: string, allowance: Allowance): Ledger
}

/** What {@link openStores} needs. */
export interface StoresOptions {
  config: Config
  /** The folder of the built scan.wasm. */
  distDir: string
  logger: Logger
}

/** Opens the stores in the data folder. */
export function openStores({ config, distDir, logger }: StoresOptions): Stores {
  const { dataDir } = config
  const cacheFile = path.join(dataDir, 'cache.db')
  return {
    ...openCatalogue(path.join(dataDir, 'catalogue.db'), distDir, logger),
    cacheStore: config.cache === 'on' ? createSqliteCacheStore({ file: cacheFile, clock: systemClock }) : null,
    openLedger: (apiKey, allowance) => openLedgerFile({ dataDir, apiKey, allowance, clock: systemClock }),
  }
}

/** The catalogue only saves work: where its file cannot be used, one in memory serves, and every answer says so. */
function openCatalogue(file: string, distDir: string, logger: Logger): Pick<Stores, 'catalogue' | 'remarks'> {
  try {
    return { catalogue: createSqliteCatalogue({ file, distDir }), remarks: [] }
  } catch (cause) {
    logger.warn('catalogue kept in memory', { cause })
    return {
      catalogue: createSqliteCatalogue({ file: IN_MEMORY, distDir }),
      remarks: [{ kind: 'catalogue_in_memory' }],
    }
  }
}
