/** The file of a ledger: one for each API key, named so that the key cannot be read from it. */
import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../errors.ts'
import { makeDataDir } from '../../../store/data-dir.ts'
import { openSqlite, storeUnavailable } from '../../../store/sqlite.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Allowance } from '../allowance.ts'
import type { Ledger } from '../ledger.ts'
import { createSqliteLedger } from './ledger.ts'
import { LEDGER_MIGRATIONS } from './sql.ts'

/** How long a statement waits for the lock, blocking the event loop, before the ledger pauses without; a transaction takes 1 to 5 ms. */
const BUSY_TIMEOUT_MS = 25

/** Network file systems by the type that Linux's statfs(2) tells; their locks do not hold between machines. */
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
  /** The folder of the program's data; made where it is missing. */
  dataDir: string
  /** The upstream's key, or whatever else the upstream counts by. Only its hash is written. */
  apiKey: string
  allowance: Allowance
  clock: Clock
  /** Tells the type of the file system under a folder, as statfs(2) does. Default: the system's own answer. */
  typeOf?: (folder: string) => number
}

/** The file's name: the first 16 hex digits of the key's SHA-256 tell keys apart and give nothing away. */
export function ledgerFileName(apiKey: string): string {
  return `ledger-${createHash('sha256').update(apiKey).digest('hex').slice(0, 16)}.db`
}

/**
 * Opens the ledger of a key, readable by the owner only and safe against power cuts.
 * @throws AppError `store_unavailable` where the file cannot be opened or written, or lies on a network file system.
 */
export function openLedgerFile(options: LedgerFileOptions): Ledger {
  const name = ledgerFileName(options.apiKey)
  refuseNetworkFileSystem(options, name)
  const file = path.join(options.dataDir, name)
  const database = openSqlite({ file, durability: 'full', migrations: LEDGER_MIGRATIONS })
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  return createSqliteLedger({ database, name, allowance: options.allowance, clock: options.clock })
}

function refuseNetworkFileSystem(options: LedgerFileOptions, name: string): void {
  const kind = networkFileSystem(options, name)
  if (kind === undefined) return
  throw new AppError({
    code: 'store_unavailable',
    message: `The data folder lies on a network file system (${kind}), where the count of calls and credits is not safe.`,
    hint: 'Name a folder on a local disk with MCP1688_DATA_DIR.',
  })
}

function networkFileSystem(
  { dataDir, typeOf = folder => statfsSync(folder).type }: LedgerFileOptions,
  name: string,
): string | undefined {
  // Elsewhere the numbers mean other file systems.
  if (process.platform !== 'linux') return undefined
  try {
    makeDataDir(dataDir)
    // Some file systems' numbers come sign-extended.
    return NETWORK_FILE_SYSTEMS.get(typeOf(dataDir) >>> 0)
  } catch (cause) {
    throw storeUnavailable(name, cause)
  }
}
