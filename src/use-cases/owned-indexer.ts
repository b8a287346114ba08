import { storedSources } from '../catalogue/owners.ts'
import type { PictureIndexer } from './picture-indexer.ts'

/** Embeds pictures for one owner: of imports, only their own and everybody's. */
export function ownedIndexer(indexer: PictureIndexer, owner: string): PictureIndexer {
  return {
    run: (sources, onPicture) =>
      indexer.run(
        sources.flatMap(source => storedSources(source, owner)),
        onPicture,
      ),
    get isRunning() {
      return indexer.isRunning
    },
    close: () => indexer.close(),
  }
}
