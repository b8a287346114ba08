/** A catalogue whose imported offers are also in a file of their own, from which they return if the catalogue is lost. */
import { isStoreUnavailable } from '../../errors.ts'
import type { Logger } from '../../log.ts'
import { retryable } from '../../store/retryable.ts'
import type { Catalogue, CatalogueStats } from '../catalogue.ts'
import { allOffers, putAsSeen } from '../copy.ts'
import { delegateCatalogue } from '../delegate.ts'
import { isImport } from '../owners.ts'
import type { CatalogueFile } from './catalogue-file.ts'
import { importsIn, type OwnOffers } from './own-offers.ts'

export interface KeptImports extends Catalogue {
  /**
   * Runs work on the tables of own.db beside those of offers.
   * @throws AppError `store_unavailable` also while the imports of an older version could not be moved there.
   */
  useOwnFile<T>(work: (file: CatalogueFile) => Promise<T>): Promise<T>
  /** To be called when the catalogue was replaced by an empty one. */
  onReplaced(): void
}

export function createKeptImports(catalogue: Catalogue, own: OwnOffers, logger: Logger): KeptImports {
  const reconcile = async (): Promise<void> => {
    const counts = (await catalogue.stats('')).filter(({ source }) => isImport(source))
    if (own.isNew()) {
      if (counts.length === 0) return
      // Imports from before this file existed.
      for await (const page of importsIn(catalogue)) await own.use(kept => putAsSeen(kept, page))
      return own.copyDaily()
    }
    const kept = await own.use(it => it.stats(''))
    if (JSON.stringify(kept.map(summaryOf)) !== JSON.stringify(counts.map(summaryOf))) await unite()
    await own.copyDaily()
  }
  /** Gives either what only the other has: a power cut may have cost either its last writes. */
  const unite = async (): Promise<void> => {
    const pages = await own.use(async kept => {
      const all = []
      for await (const page of allOffers(kept)) all.push(page)
      return all
    })
    const keys = new Set(pages.flat().map(({ source, offer }) => `${source}\n${offer.offerId}`))
    for (const page of pages) await putAsSeen(catalogue, page)
    for await (const page of importsIn(catalogue)) {
      const missing = page.filter(({ source, offer }) => !keys.has(`${source}\n${offer.offerId}`))
      if (missing.length > 0) await own.use(kept => putAsSeen(kept, missing))
    }
  }
  let notInStep: unknown = null
  const inStep = async (): Promise<void> => {
    notInStep = null
    try {
      await reconcile()
    } catch (cause) {
      if (!isStoreUnavailable(cause)) throw cause
      notInStep = cause
      // The catalogue has the same offers, unless it was damaged too.
      logger.warn('imported offers were not compared with their own file', { cause })
    }
  }
  let ready = retryable(inStep)
  let isReplaced = false

  const use = async <T>(work: (catalogue: Catalogue) => Promise<T>): Promise<T> => {
    await ready.get()
    const result = await work(catalogue)
    if (!isReplaced) return result
    // The catalogue was found damaged by this very call, which then saw an empty one.
    isReplaced = false
    ready = retryable(inStep)
    await ready.get()
    return work(catalogue)
  }
  return {
    ...delegateCatalogue(use),
    async putOffers(source, offers, seenAt) {
      await ready.get()
      if (isImport(source)) await own.use(kept => kept.putOffers(source, offers, seenAt))
      await use(it => it.putOffers(source, offers, seenAt))
    },
    async remove(source, offerIds) {
      await ready.get()
      if (!isImport(source) || own.isNew()) return use(it => it.remove(source, offerIds))
      await own.copy()
      // If this ends in between, the offers return, which is better than losing others.
      await use(it => it.remove(source, offerIds))
      return own.use(kept => kept.remove(source, offerIds))
    },
    async checkKept() {
      await use(it => it.checkKept())
      if (!own.isNew()) await own.copy()
    },
    async useOwnFile(work) {
      await ready.get()
      // A new file would say that there are no imports.
      if (notInStep !== null) throw notInStep
      return own.useFile(work)
    },
    onReplaced() {
      isReplaced = true
    },
    async close() {
      await own.close()
      await catalogue.close()
    },
  }
}

function summaryOf({ source, offers, withPicture, firstSeenAt, lastSeenAt }: CatalogueStats) {
  return [source, offers, withPicture, firstSeenAt, lastSeenAt]
}
