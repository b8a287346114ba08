/** Deletes pictures that came inside sheets once no imported offer has them. */
import type { Catalogue } from '../../catalogue/catalogue.ts'
import { picturesIn } from '../../catalogue/holdings.ts'
import { isImport } from '../../catalogue/owners.ts'
import type { Logger } from '../../log.ts'
import { deleteKept, isKeptAddress } from '../../pictures/kept-pictures.ts'

export interface DropPicturesDeps {
  /** With the offers of all owners: accounts have pictures of their own, but anybody's offer may name one. */
  catalogue: Pick<Catalogue, 'list' | 'listSources'>
  dataDir: string
  /** Whether the data folder also holds offers that `catalogue` does not know. */
  hasOtherOffers: () => boolean
  logger: Logger
  now: () => number
}

export type DropPictures = (addresses: Iterable<string>) => Promise<void>

/** @returns a function to be called after offers were stored or removed; a picture too many is left rather than an error. */
export function createDropPictures({
  catalogue,
  dataDir,
  hasOtherOffers,
  logger,
  now,
}: DropPicturesDeps): DropPictures {
  return async addresses => {
    const dropped = new Set([...addresses].filter(address => isKeptAddress(dataDir, address)))
    if (dropped.size === 0 || hasOtherOffers()) return
    // An import that keeps one of them from now on may store its offer after the offers were read here.
    const since = now()
    try {
      const sources = (await catalogue.listSources()).filter(isImport)
      for await (const picture of picturesIn(catalogue, sources)) dropped.delete(picture)
      await deleteKept(dropped, since)
    } catch (cause) {
      logger.warn('pictures of removed offers not deleted', { cause })
    }
  }
}
