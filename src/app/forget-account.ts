/** Deletes what an account has stored: its imports with their pictures and history, and its watch list. */
import type { Catalogue } from '../catalogue/catalogue.ts'
import { isOwnedBy } from '../catalogue/owners.ts'
import type { WatchStore } from '../history/watch-store.ts'
import { createKeptPictures, forgetPictures } from '../pictures/kept-pictures.ts'

export interface Forgotten {
  offers: number
  watched: number
}

export interface ForgetAccountDeps {
  /** With the offers of all owners. */
  catalogue: Pick<Catalogue, 'listSources' | 'remove'>
  watches: Pick<WatchStore, 'list' | 'remove'>
  dataDir: string
}

/** Photos and exports of an account are left: they expire within the hour. */
export function createForgetAccount({ catalogue, watches, dataDir }: ForgetAccountDeps) {
  return async function forgetAccount(owner: string): Promise<Forgotten> {
    let offers = 0
    for (const source of await catalogue.listSources())
      if (isOwnedBy(source, owner)) offers += await catalogue.remove(source, null)
    const watched = await watches.remove(owner, await watches.list(owner))
    await forgetPictures(createKeptPictures(dataDir, owner), new Set())
    return { offers, watched }
  }
}
