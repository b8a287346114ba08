/** Opens API keys and accounts in the data folder, or in the database that all machines share. */
import path from 'node:path'
import { accountName, createPostgresLedger } from '../limits/ledger/postgres/ledger.ts'
import { openLedgerFile } from '../limits/ledger/sqlite/ledger-file.ts'
import type { Logger } from '../log.ts'
import { createPostgres } from '../store/postgres.ts'
import { openPool } from '../store/postgres-driver.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { type Accounts, createAccounts } from './account.ts'
import type { KeyStore } from './api-key.ts'
import { createFallbackKeyStore } from './fallback-key-store.ts'
import { createPostgresKeyStore } from './postgres/key-store.ts'
import { ACCOUNTS_FOLDER, openKeyStore } from './sqlite/key-store.ts'

export interface OpenKeys {
  keys: KeyStore
  accounts: Accounts
  close(): Promise<void>
}

export interface OpenKeysOptions {
  dataDir: string
  /** PostgreSQL URL; without one, files in `dataDir` are used. */
  store?: string | undefined
  logger?: Logger | undefined
}

/** A database is connected at the first use. @throws AppError `store_unavailable` if the files cannot be opened. */
export function openKeys({ dataDir, store, logger }: OpenKeysOptions): OpenKeys {
  return store === undefined ? openFiles(dataDir, systemClock, logger) : openDatabase(store, systemClock)
}

function openFiles(dataDir: string, clock: Clock, logger: Logger | undefined): OpenKeys {
  const keys = openKeyStore({ dataDir, now: clock.now, logger })
  const folder = path.join(dataDir, ACCOUNTS_FOLDER)
  const accounts = createAccounts({
    openLedger: (holder, allowance) => openLedgerFile({ dataDir: folder, account: holder, allowance, clock, logger }),
    sharesUpstreamStore: false,
    clock,
  })
  return {
    keys,
    accounts,
    close: async () => {
      await accounts.close()
      await keys.close()
    },
  }
}

function openDatabase(url: string, clock: Clock): OpenKeys {
  // Not the catalogue's pool: checking a key must not queue behind a search or an index build.
  const postgres = createPostgres(() => openPool(url))
  const accounts = createAccounts({
    openLedger: (holder, allowance) =>
      createPostgresLedger({ postgres, account: accountName('holder', holder), allowance, clock }),
    sharesUpstreamStore: true,
    clock,
  })
  return {
    keys: createFallbackKeyStore(createPostgresKeyStore({ postgres, now: clock.now }), clock),
    accounts,
    close: () => postgres.close(),
  }
}
