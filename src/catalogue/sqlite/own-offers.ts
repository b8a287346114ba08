/** Imported offers in a file of their own, with copies: they cannot be fetched again. */

import { copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { isStoreUnavailable } from '../../errors.ts'
import { whenFree } from '../../store/busy.ts'
import { listCopies, makeCopy, writeInto } from '../../store/copies/copies.ts'
import { identityOf, isDamage, nameAside } from '../../store/damage.ts'
import { retryable } from '../../store/retryable.ts'
import { numberIn } from '../../store/row.ts'
import { connect, type SqliteDatabase } from '../../store/sqlite.ts'
import { storeUnavailable } from '../../store/unavailable.ts'
import type { Catalogue, CatalogueOffer } from '../catalogue.ts'
import { allOffers, putAsSeen } from '../copy.ts'
import { isImport } from '../owners.ts'
import { type CatalogueFile, openCatalogueFile } from './catalogue-file.ts'
import { copyOwnTables } from './own-tables.ts'
import { createOfferReads } from './reads/reads.ts'
import { keyOf, type Salvaged, salvage } from './salvage.ts'
import { OWN_MIGRATIONS } from './schema.ts'
import { createOfferWrites } from './writes.ts'

const DAY_MS = 86_400_000

/** Waiting for a lock while opening blocks the event loop; `whenFree` does the rest. */
const OPEN_TIMEOUT_MS = 5

export interface RestoredImports {
  /** What the damaged file is called now, in the data folder; `null` if there was none. */
  file: string | null
  restored: number
  /** `null` if the damaged file cannot say what else it held. */
  lost: number | null
}

export type OwnCatalogue = Pick<Catalogue, 'putOffers' | 'getOffer' | 'list' | 'remove' | 'stats'>

export interface OwnOffers {
  /** Runs `work`, and once more if it finds the file damaged and the file could be restored. */
  use<T>(work: (own: OwnCatalogue) => Promise<T>): Promise<T>
  /** Like `use`, for the tables beside those of offers. */
  useFile<T>(work: (file: CatalogueFile) => Promise<T>): Promise<T>
  /** Copies the file if it has changed since the newest copy. To be called before what changes much of it. */
  copy(): Promise<void>
  /** Like `copy`, but at most once a day. */
  copyDaily(): Promise<void>
  /** Whether neither the file nor a copy exists. */
  isNew(): boolean
  close(): Promise<void>
}

export interface OwnOffersOptions {
  file: string
  /** The catalogue, which holds the same offers to rank them, unless it was damaged too. */
  index: Catalogue
  now: () => number
  onRestored: (restored: RestoredImports) => void
}

interface Opened {
  file: CatalogueFile
  own: OwnCatalogue
  identity: string | null
}

export function createOwnOffers({ file, index, now, onRestored }: OwnOffersOptions): OwnOffers {
  const isNew = () => !existsSync(file) && listCopies(file).length === 0
  const openSound = async (): Promise<Opened> => {
    copyOldSchema()
    const opened = await whenFree(() =>
      openCatalogueFile(file, {
        durability: 'full',
        migrations: OWN_MIGRATIONS,
        openTimeoutMs: OPEN_TIMEOUT_MS,
        mustOutliveCopies: true,
      }),
    )
    return {
      file: opened,
      own: { ...createOfferReads(opened), ...createOfferWrites(opened) },
      identity: identityOf(file),
    }
  }
  /** Opening the file changes an older schema. */
  const copyOldSchema = (): void => {
    if (!existsSync(file)) return
    let database: SqliteDatabase | undefined
    try {
      database = connect(file)
      const version = numberIn(database.prepare('PRAGMA user_version').get(), 'user_version')
      if (version > 0 && version < OWN_MIGRATIONS.length) makeCopy(database, file, now())
    } catch (cause) {
      throw storeUnavailable(path.basename(file), cause)
    } finally {
      database?.close()
    }
  }
  const open = async (): Promise<Opened> => {
    const identity = identityOf(file)
    if (identity === null && listCopies(file).length > 0) await restoreOrExplain(null)
    try {
      return await openSound()
    } catch (error) {
      if (!isDamage(error)) throw error
      await restoreOrExplain(identity)
      return openSound()
    }
  }
  let opening = retryable(open)

  const restoreOrExplain = async (identity: string | null): Promise<void> => {
    try {
      await restore(identity)
    } catch (cause) {
      throw storeUnavailable(path.basename(file), cause)
    }
  }
  const restore = async (identity: string | null): Promise<void> => {
    if (identityOf(file) !== identity) return
    const damaged = identity === null ? { offers: [], known: new Set<string>() } : salvage(file, now())
    const draft = `${file}.restoring-${process.pid}`
    const restored = await rebuild(draft, damaged)
    if (identityOf(file) !== identity) return rmSync(draft)
    const aside = identity === null ? null : nameAside(file, now())
    if (aside !== null) linkSync(file, aside)
    // The log belongs to the damaged file: a new one must not find it.
    if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${aside ?? file}-wal`)
    rmSync(`${file}-shm`, { force: true })
    renameSync(draft, file)
    onRestored({ file: aside && path.basename(aside), ...restored })
  }

  /** From the newest sound copy, the catalogue, and the rows of the damaged file that are newer or only there. */
  const rebuild = async (draft: string, damaged: Salvaged): Promise<Pick<RestoredImports, 'restored' | 'lost'>> => {
    const work = `${draft}-work`
    removeFile(work)
    const target = openCatalogueFile(work, { migrations: OWN_MIGRATIONS })
    const { list, putOffers, getOffer } = { ...createOfferReads(target), ...createOfferWrites(target) }
    const seen = new Set(damaged.known)
    const add = async (offers: readonly CatalogueOffer[]): Promise<void> => {
      const newer: CatalogueOffer[] = []
      for (const offer of offers) {
        const { source, lastSeenAt } = offer
        const known = await getOffer(offer.offer.offerId, [source])
        seen.add(keyOf(source, offer.offer.offerId))
        if (known === null || known.lastSeenAt < lastSeenAt) newer.push(offer)
      }
      await putAsSeen({ putOffers }, newer)
    }
    try {
      for (const copy of listCopies(file)) if (await readCopy(copy, `${draft}-copy`, target.database, add)) break
      let indexed = 0
      try {
        for await (const page of importsIn(index)) {
          await add(page)
          indexed += page.length
        }
      } catch (error) {
        if (!isStoreUnavailable(error)) throw error
      }
      await add(damaged.offers)
      copyDamagedTables(file, target.database)
      let restored = 0
      for await (const page of allOffers({ list })) restored += page.length
      writeInto(target.database, draft)
      // The catalogue holds every import, unless it was lost as well.
      const isCounted = damaged.known !== null || indexed > 0
      return { restored, lost: isCounted ? seen.size - restored : null }
    } finally {
      target.close()
      removeFile(work)
    }
  }

  const use = async <T>(work: (opened: Opened) => Promise<T>): Promise<T> => {
    const used = await opening.get()
    try {
      return await work(used)
    } catch (error) {
      if (!isDamage(error)) throw error
      used.file.close()
      await restoreOrExplain(used.identity)
      opening = retryable(open)
      return work(await opening.get())
    }
  }
  const copy = () =>
    use(async ({ file: opened }) => {
      const { database } = opened
      const version = await opened.read(() => numberIn(database.prepare('SELECT version FROM state').get(), 'version'))
      const [newest] = listCopies(file)
      if (newest !== undefined && versionOf(newest) === version) return
      try {
        await opened.read(() => makeCopy(database, file, now()))
      } catch (cause) {
        throw storeUnavailable(path.basename(file), cause)
      }
    })

  return {
    use: work => use(({ own }) => work(own)),
    useFile: work => use(({ file: opened }) => work(opened)),
    copy,
    async copyDaily() {
      const [newest] = listCopies(file)
      if (newest === undefined || now() - statSync(newest).mtimeMs > DAY_MS) await copy()
    },
    isNew,
    async close() {
      ;(await opening.opened())?.file.close()
    },
  }
}

/** The imported offers of all owners. */
export async function* importsIn(catalogue: Pick<Catalogue, 'list' | 'stats'>): AsyncGenerator<CatalogueOffer[]> {
  const sources = (await catalogue.stats('')).map(({ source }) => source).filter(isImport)
  if (sources.length > 0) yield* allOffers({ list: (_all, after, limit) => catalogue.list(sources, after, limit) })
}

/** @returns whether the copy is sound and was read. */
async function readCopy(
  copy: string,
  work: string,
  target: SqliteDatabase,
  add: (offers: CatalogueOffer[]) => Promise<void>,
): Promise<boolean> {
  let opened: CatalogueFile | undefined
  try {
    // Opening a file changes it, and a copy is to stay as it is.
    copyFileSync(copy, work)
    opened = openCatalogueFile(work, { migrations: OWN_MIGRATIONS })
    const { list } = createOfferReads(opened)
    const pages: CatalogueOffer[][] = []
    for await (const page of allOffers({ list })) pages.push(page)
    for (const page of pages) await add(page)
    copyOwnTables(opened.database, target)
    return true
  } catch {
    return false
  } finally {
    opened?.close()
    removeFile(work)
  }
}

/** What was written since the newest copy, as far as it can be read. */
function copyDamagedTables(file: string, target: SqliteDatabase): void {
  let database: SqliteDatabase | undefined
  try {
    if (!existsSync(file)) return
    database = connect(file)
    copyOwnTables(database, target)
  } catch {
    // A file without a readable schema has nothing to add.
  } finally {
    database?.close()
  }
}

function versionOf(copy: string): number | null {
  try {
    const database = connect(copy)
    try {
      return numberIn(database.prepare('SELECT version FROM state').get(), 'version')
    } finally {
      database.close()
    }
  } catch {
    return null
  }
}

function removeFile(file: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
}
