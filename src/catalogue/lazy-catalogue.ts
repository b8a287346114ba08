/** A catalogue that is opened at its first use: its kind depends on the database. */
import type { Catalogue } from './catalogue.ts'
import { delegateCatalogue } from './delegate.ts'

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
    ...delegateCatalogue(async work => work(await opened())),
    async close() {
      const catalogue = await opening?.catch(() => null)
      await catalogue?.close()
    },
  }
}
