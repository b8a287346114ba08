/** A catalogue that sets its file aside when it is damaged, and goes on with a new one. */
import { isStoreUnavailable } from '../../errors.ts'
import { identityOf, isDamage, setAside } from '../../store/damage.ts'
import { textIn } from '../../store/row.ts'
import { connect, type SqliteDatabase } from '../../store/sqlite.ts'
import { type Catalogue, IMPORT_SOURCE } from '../catalogue.ts'
import { delegateCatalogue } from '../delegate.ts'
import { createSqliteCatalogue, type SqliteCatalogueOptions } from './catalogue.ts'

export interface DamagedCatalogue {
  /** What it is called now, in the data folder. */
  file: string
  /** Whether it holds imported offers, or cannot be read far enough to say that it does not. */
  mayHoldImports: boolean
}

export interface RecoveringOptions extends SqliteCatalogueOptions {
  now: () => number
  /** Called for each file set aside. */
  onSetAside: (damaged: DamagedCatalogue) => void
}

/** @throws AppError `store_unavailable` if the file cannot be opened, or not be set aside. */
export function createRecoveringCatalogue({ now, onSetAside, ...options }: RecoveringOptions): Catalogue {
  const { file } = options
  const replace = (identity: string | null): void => {
    const hasImports = mayHoldImports(file)
    const aside = setAside(file, identity, now())
    if (aside !== null) onSetAside({ file: aside, mayHoldImports: hasImports })
  }
  const open = () => ({ catalogue: createSqliteCatalogue(options), identity: identityOf(file) })
  const openOrReplace = () => {
    const identity = identityOf(file)
    try {
      return open()
    } catch (error) {
      if (!isDamage(error)) throw error
      replace(identity)
      return open()
    }
  }
  let current = openOrReplace()

  const recover = async (): Promise<void> => {
    const damaged = current
    await damaged.catalogue.close()
    if (current !== damaged) return
    replace(damaged.identity)
    current = openOrReplace()
  }
  return {
    ...delegateCatalogue(async work => {
      const used = current
      try {
        return await work(used.catalogue)
      } catch (error) {
        // A call that was under way when another one replaced the file starts again with the new one.
        const wasReplaced = used !== current && isStoreUnavailable(error)
        if (!wasReplaced && !isDamage(error)) throw error
        if (used === current) await recover()
        return work(current.catalogue)
      }
    }),
    close: () => current.catalogue.close(),
  }
}

function mayHoldImports(file: string): boolean {
  let database: SqliteDatabase | undefined
  try {
    database = connect(file)
    const isReadable = textIn(database.prepare('PRAGMA quick_check(offers)').get(), 'quick_check') === 'ok'
    const first = database.prepare(`SELECT 1 FROM offers WHERE source GLOB '${IMPORT_SOURCE}*' LIMIT 1`).get()
    return !isReadable || first !== undefined
  } catch {
    return true
  } finally {
    database?.close()
  }
}
