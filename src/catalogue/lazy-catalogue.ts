/** A catalogue that is opened at its first use: its kind depends on the database. */
import { retryable } from '../store/retryable.ts'
import type { Catalogue } from './catalogue.ts'
import { delegateCatalogue } from './delegate.ts'

/** After a failure, the next use opens it again. */
export function createLazyCatalogue(open: () => Promise<Catalogue>): Catalogue {
  const catalogue = retryable(open)
  return {
    ...delegateCatalogue(async work => work(await catalogue.get())),
    async close() {
      await (await catalogue.opened())?.close()
    },
  }
}
