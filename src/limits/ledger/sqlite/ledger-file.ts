/** Opens the ledger file of an API key. */
import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../errors.ts'
import { makeDataDir } from '../../../store/data-dir.ts'
import { openSqlite, storeUnavailable } from '../../../store/sqlite.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Allowance } from '../allowance.ts'
import type { Ledger } from '../ledger.ts'
import { createSqliteLedger, ledgerUnavailable } from './ledger.ts'
import { LEDGER_MIGRATIONS } from './sql.ts'

/**
 * Short, since waiting for a lock blocks the event loop: a transaction takes 1 to 5 ms. After it, the ledger pauses.
 */
const BUSY_TIMEOUT_MS = 25

/** By the type that Linux's statfs(2) reports. Locks on them do not hold between machines. */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
])

export interface LedgerFileOptions {
  /** Created if missing. */
  dataDir: string
  /** An API key of an upstream, or anybody else with limits of their own. Only its hash is written. */
  account: string
  allowance: Allowance
  clock: Clock
  /** The file system type of a folder. Default: statfs(2). */
  typeOf?: (folder: string) => number
}

/** Part of the SHA-256 identifies the account, which may be a secret key, without revealing it. */
export function ledgerFileName(account: string): string {
  return `ledger-${createHash('sha256').update(account).digest('hex').slice(0, 16)}.db`
}

/**
 * The file is readable by its owner only and survives power cuts.
 * @throws AppError `store_unavailable` if the file cannot be opened or written, or is on a network file system.
 */
export function openLedgerFile(options: LedgerFileOptions): Ledger {
  const name = ledgerFileName(options.account)
  refuseNetworkFileSystem(options, name)
  const file = path.join(options.dataDir, name)
  try {
    const database = openSqlite({
      file,
      durability: 'full',
      migrations: LEDGER_MIGRATIONS,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
    })
    return createSqliteLedger({ database, name, allowance: options.allowance, clock: options.clock })
  } catch (error) {
    throw ledgerUnavailable(name, error)
  }
}

function refuseNetworkFileSystem(options: LedgerFileOptions, name: string): void {
  const kind = networkFileSystem(options, name)
  if (kind === undefined) return
  throw new AppError({
    code: 'store_unavailable',
    message: `The data folder is on a network file system (${kind}), where calls and credits cannot be counted reliably.`,
    hint: 'Set MCP1688_DATA_DIR to a folder on a local disk.',
  })
}

function networkFileSystem(
  { dataDir, typeOf = folder => statfsSync(folder).type }: LedgerFileOptions,
  name: string,
): string | undefined {
  // The numbers are Linux's.
  if (process.platform !== 'linux') return undefined
  try {
    makeDataDir(dataDir)
    // Some numbers come sign-extended.
    return NETWORK_FILE_SYSTEMS.get(typeOf(dataDir) >>> 0)
  } catch (cause) {
    throw storeUnavailable(name, cause)
  }
}
