/** Where API keys and their holders' accounts are kept: in the data folder, or in the database that all machines share. */
import path from 'node:path'
import { accountName, createPostgresLedger } from '../limits/ledger/postgres/ledger.ts'
import { openLedgerFile } from '../limits/ledger/sqlite/ledger-file.ts'
import { createPostgres } from '../store/postgres.ts'
import { openPool } from '../store/postgres-driver.ts'
import { type Clock, systemClock } from '../time/clock.ts'
import { type Accounts, createAccounts } from './account.ts'
import type { KeyStore } from './api-key.ts'
import { createPostgresKeyStore } from './postgres/key-store.ts'
import { createRememberingKeyStore } from './remembering-key-store.ts'
import { openKeyStore } from './sqlite/key-store.ts'

export interface OpenKeys {
  keys: KeyStore
  accounts: Accounts
  close(): Promise<void>
}

export interface OpenKeysOptions {
  dataDir: string
  /** Address of a PostgreSQL; without one, files in `dataDir`. */
  store?: string | undefined
}

/** Opens both. @throws AppError `store_unavailable` where the files cannot be opened; a database is connected at the first use. */
export function openKeys({ dataDir, store }: OpenKeysOptions): OpenKeys {
  return store === undefined ? openFiles(dataDir, systemClock) : openDatabase(store, systemClock)
}

function openFiles(dataDir: string, clock: Clock): OpenKeys {
  const keys = openKeyStore({ dataDir, now: clock.now })
  const folder = path.join(dataDir, 'accounts')
  const accounts = createAccounts({
    openLedger: (holder, allowance) => openLedgerFile({ dataDir: folder, apiKey: holder, allowance, clock }),
    isUpstreamCountedThere: false,
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
  // A pool apart from the catalogue's: who may call is not to be asked behind searches that the database ranks, or an index that it builds.
  const postgres = createPostgres(() => openPool(url))
  const accounts = createAccounts({
    openLedger: (holder, allowance) =>
      createPostgresLedger({ postgres, account: accountName('holder', holder), allowance, clock }),
    isUpstreamCountedThere: true,
    clock,
  })
  return {
    keys: createRememberingKeyStore(createPostgresKeyStore({ postgres, now: clock.now }), clock),
    accounts,
    close: () => postgres.close(),
  }
}
