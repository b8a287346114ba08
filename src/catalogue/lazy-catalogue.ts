/** A catalogue that is opened at its first use: its kind depends on the database. */
import type { Catalogue } from './catalogue.ts'

/** After a failure, the next use opens it again. */
export function createLazyCatalogue(open: () => Promise<Catalogue>): Catalogue {
  let opening: Promise<Catalogue> | null = null
  const opened = (): Promise<Catalogue> => {
    opening ??= open().catch(error => {
      opening = null
      throw error
    })
    return opening
  }
  return {
    putOffers: async (...args) => (await opened()).putOffers(...args),
    getOffer: async (...args) => (await opened()).getOffer(...args),
    nearest: async query => (await opened()).nearest(query),
    searchKeyword: async query => (await opened()).searchKeyword(query),
    similarities: async (...args) => (await opened()).similarities(...args),
    listUnembedded: async (...args) => (await opened()).listUnembedded(...args),
    putEmbedding: async (...args) => (await opened()).putEmbedding(...args),
    putEmbeddingFailure: async (...args) => (await opened()).putEmbeddingFailure(...args),
    getMirror: async source => (await opened()).getMirror(source),
    putMirrorPage: async (...args) => (await opened()).putMirrorPage(...args),
    list: async (...args) => (await opened()).list(...args),
    listEmbeddings: async (...args) => (await opened()).listEmbeddings(...args),
    remove: async (...args) => (await opened()).remove(...args),
    stats: async model => (await opened()).stats(model),
    async close() {
      const catalogue = await opening?.catch(() => null)
      await catalogue?.close()
    },
  }
}
