/** The catalogue in one SQLite file, shared by all processes on the machine. */
import type { Catalogue } from '../catalogue.ts'
import { openCatalogueFile } from './catalogue-file.ts'
import { createRankings } from './ranking.ts'
import { createKeywordSearch } from './reads/keyword-search.ts'
import { createOfferReads } from './reads/reads.ts'
import { createOfferWrites } from './writes.ts'

export interface SqliteCatalogueOptions {
  /** Created with its folder if missing. */
  file: string
  /** The folder of scan.wasm, which is read at the first ranking. */
  distDir: string
}

/**
 * @throws AppError `store_unavailable` if the file cannot be opened, or was written by a newer version.
 */
export function createSqliteCatalogue({ file, distDir }: SqliteCatalogueOptions): Catalogue {
  const opened = openCatalogueFile(file)
  return {
    ...createOfferReads(opened),
    ...createOfferWrites(opened),
    ...createRankings(opened, distDir),
    searchKeyword: createKeywordSearch(opened),
    async close() {
      opened.close()
    },
  }
}
