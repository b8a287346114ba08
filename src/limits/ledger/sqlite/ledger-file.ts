/** Opens the ledger file of an API key. */
import { createHash } from 'node:crypto'
import { statfsSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../errors.ts'
import type { Logger } from '../../../log.ts'
import { whenFree } from '../../../store/busy.ts'
import { createCopier } from '../../../store/copies/copies.ts'
import { isDamage } from '../../../store/damage.ts'
import { makeDataDir } from '../../../store/data-dir.ts'
import { retryable } from '../../../store/retryable.ts'
import { openSqlite, type SqliteDatabase } from '../../../store/sqlite.ts'
import { storeUnavailable } from '../../../store/unavailable.ts'
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
  logger?: Logger | undefined
  /** The file system type of a folder. Default: statfs(2). */
  typeOf?: (folder: string) => number
}

/** Part of the SHA-256 identifies the account, which may be a secret key, without revealing it. */
export function ledgerFileName(account: string): string {
  return `ledger-${createHash('sha256').update(account).digest('hex').slice(0, 16)}.db`
}

/**
 * The file is readable by its owner only and survives power cuts. It is opened at the first use, and again after it was
 * found damaged, since it may have been restored meanwhile. Once a day while used, it is copied.
 * All methods reject with AppError `store_unavailable` if it cannot be opened or written, or is on a network file system.
 */
export function openLedgerFile(options: LedgerFileOptions): Ledger {
  const file = path.join(options.dataDir, ledgerFileName(options.account))
  const { allowance, clock, logger } = options
  const open = async () => {
    refuseNetworkFileSystem(options, file)
    try {
      const database = await whenFree(() => openLedgerDatabase(file))
      const copier = createCopier({ database, file, now: clock.now, logger })
      return { ledger: createSqliteLedger({ database, file, allowance, clock }), copier }
    } catch (error) {
      throw ledgerUnavailable(file, error)
    }
  }
  let opening = retryable(open)
  let isClosed = false
  const use = async <T>(work: (ledger: Ledger) => Promise<T>): Promise<T> => {
    if (isClosed) throw storeUnavailable(file, new Error('closed'))
    const used = opening
    const { ledger, copier } = await used.get()
    try {
      const result = await work(ledger)
      copier.daily()
      return result
    } catch (error) {
      if (isDamage(error) && used === opening) {
        opening = retryable(open)
        await ledger.close()
      }
      throw error
    }
  }
  return {
    acquire: (ticket, credits) => use(ledger => ledger.acquire(ticket, credits)),
    reserve: (callId, credits) => use(ledger => ledger.reserve(callId, credits)),
    leave: ticket => use(ledger => ledger.leave(ticket)),
    settle: (callId, outcome) => use(ledger => ledger.settle(callId, outcome)),
    usage: () => use(ledger => ledger.usage()),
    async close() {
      isClosed = true
      await (await opening.opened())?.ledger.close()
    },
  }
}

/**
 * @param mustOutliveCopies whether a file that is missing although there are copies of it is damage.
 * @throws AppError `store_unavailable`
 */
export function openLedgerDatabase(file: string, mustOutliveCopies = true): SqliteDatabase {
  return openSqlite({
    file,
    durability: 'full',
    migrations: LEDGER_MIGRATIONS,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    openTimeoutMs: BUSY_TIMEOUT_MS,
    mustOutliveCopies,
  })
}

function refuseNetworkFileSystem(options: LedgerFileOptions, file: string): void {
  const kind = networkFileSystem(options, file)
  if (kind === undefined) return
  throw new AppError({
    code: 'store_unavailable',
    message: `The data folder is on a network file system (${kind}), where calls and credits cannot be counted reliably.`,
    hint: 'Set MCP1688_DATA_DIR to a folder on a local disk.',
  })
}

function networkFileSystem(
  { dataDir, typeOf = folder => statfsSync(folder).type }: LedgerFileOptions,
  file: string,
): string | undefined {
  // The numbers are Linux's.
  if (process.platform !== 'linux') return undefined
  try {
    makeDataDir(dataDir)
    // Some numbers come sign-extended.
    return NETWORK_FILE_SYSTEMS.get(typeOf(dataDir) >>> 0)
  } catch (cause) {
    throw storeUnavailable(file, cause)
  }
}
