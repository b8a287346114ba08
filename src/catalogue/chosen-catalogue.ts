/** A catalogue of which only the first use can tell what kind it is. */
import type { Catalogue } from './catalogue.ts'

/** Makes a catalogue that is chosen at its first use, and again at the next one where that failed. */
export function createChosenCatalogue(choose: () => Promise<Catalogue>): Catalogue {
  let choosing: Promise<Catalogue> | null = null
  const chosen = (): Promise<Catalogue> => {
    choosing ??= choose().catch(error => {
      choosing = null
      throw error
    })
    return choosing
  }
  return {
    putOffers: async (...args) => (await chosen()).putOffers(...args),
    getOffer: async (...args) => (await chosen()).getOffer(...args),
    nearest: async query => (await chosen()).nearest(query),
    searchKeyword: async query => (await chosen()).searchKeyword(query),
    similarities: async (...args) => (await chosen()).similarities(...args),
    listUnembedded: async (...args) => (await chosen()).listUnembedded(...args),
    putEmbedding: async (...args) => (await chosen()).putEmbedding(...args),
    putEmbeddingFailure: async (...args) => (await chosen()).putEmbeddingFailure(...args),
    getMirror: async source => (await chosen()).getMirror(source),
    putMirrorPage: async (...args) => (await chosen()).putMirrorPage(...args),
    list: async (...args) => (await chosen()).list(...args),
    listEmbeddings: async (...args) => (await chosen()).listEmbeddings(...args),
    remove: async (...args) => (await chosen()).remove(...args),
    stats: async model => (await chosen()).stats(model),
    async close() {
      const opened = await choosing?.catch(() => null)
      await opened?.close()
    },
  }
}
