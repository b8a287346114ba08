import type { Catalogue } from './catalogue.ts'

/** Runs a call of a catalogue on whichever catalogue is in use. */
export type UseCatalogue = <T>(work: (catalogue: Catalogue) => Promise<T>) => Promise<T>

/** All methods but `close`, each through `use`. */
export function delegateCatalogue(use: UseCatalogue): Omit<Catalogue, 'close'> {
  return {
    putOffers: (...args) => use(it => it.putOffers(...args)),
    getOffer: (...args) => use(it => it.getOffer(...args)),
    getOffers: (...args) => use(it => it.getOffers(...args)),
    nearest: query => use(it => it.nearest(query)),
    offersOfShop: query => use(it => it.offersOfShop(query)),
    searchKeyword: query => use(it => it.searchKeyword(query)),
    similarities: (...args) => use(it => it.similarities(...args)),
    listUnembedded: query => use(it => it.listUnembedded(query)),
    putEmbedding: (...args) => use(it => it.putEmbedding(...args)),
    hasEmbeddings: model => use(it => it.hasEmbeddings(model)),
    putEmbeddingFailure: (...args) => use(it => it.putEmbeddingFailure(...args)),
    listFailures: (...args) => use(it => it.listFailures(...args)),
    forgetFailures: source => use(it => it.forgetFailures(source)),
    getMirror: source => use(it => it.getMirror(source)),
    putMirrorPage: (...args) => use(it => it.putMirrorPage(...args)),
    list: (...args) => use(it => it.list(...args)),
    listEmbeddings: (...args) => use(it => it.listEmbeddings(...args)),
    remove: (...args) => use(it => it.remove(...args)),
    listSources: () => use(it => it.listSources()),
    stats: model => use(it => it.stats(model)),
    countOffers: sources => use(it => it.countOffers(sources)),
    checkKept: () => use(it => it.checkKept()),
  }
}
