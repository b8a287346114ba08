import type { OwnedCatalogue } from '../catalogue/owners.ts'
import type { PictureIndexer } from './picture-indexer.ts'

/** Embeds pictures for one owner: of imports, only their own and everybody's. */
export function ownedIndexer(indexer: PictureIndexer, { storedIn }: OwnedCatalogue): PictureIndexer {
  return {
    run: async (sources, onPicture) => indexer.run(await storedIn(sources), onPicture),
    get isRunning() {
      return indexer.isRunning
    },
    close: () => indexer.close(),
  }
}
