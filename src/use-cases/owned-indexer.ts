import { isOwnedBy, OPERATOR, type OwnedCatalogue } from '../catalogue/owners.ts'
import type { IndexCall, PictureIndexer } from './picture-indexer.ts'

export interface OwnedIndexerDeps {
  /** For what several owners see. */
  shared: PictureIndexer
  /** For what this owner alone has imported. */
  own: PictureIndexer
  owner: string
  catalogue: Pick<OwnedCatalogue, 'storedIn'>
}

/** Embeds pictures for one owner: of imports, only their own and everybody's. */
export function ownedIndexer({ shared, own, owner, catalogue }: OwnedIndexerDeps): PictureIndexer {
  return {
    async run(sources, call = {}) {
      const stored = await catalogue.storedIn(sources)
      const isOwn = (source: string) => owner !== OPERATOR && isOwnedBy(source, owner)
      const parts = [
        { indexer: shared, sources: stored.filter(source => !isOwn(source)) },
        { indexer: own, sources: stored.filter(isOwn) },
      ].filter(part => part.sources.length > 0)
      const done = parts.map(() => 0)
      const callOf = (part: number): IndexCall => ({
        ...call,
        onPicture: count => {
          done[part] = count
          call.onPicture?.(done.reduce((sum, each) => sum + each, 0))
        },
      })
      await Promise.all(parts.map((part, index) => part.indexer.run(part.sources, callOf(index))))
    },
    get isRunning() {
      return shared.isRunning || own.isRunning
    },
  }
}
