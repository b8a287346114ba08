/** The catalogue of a data folder with its file of what cannot be fetched again, as another process would open it. */
import path from 'node:path'
import { createSqliteCatalogue } from '../../src/catalogue/sqlite/catalogue.ts'
import { createKeptImports, type KeptImports } from '../../src/catalogue/sqlite/kept-imports.ts'
import { createOwnOffers, type RestoredImports } from '../../src/catalogue/sqlite/own-offers.ts'
import { createLogger } from '../../src/log.ts'
import { DIST_DIR } from './package-dirs.ts'

export function openOwnFile(folder: string, onRestored: (restored: RestoredImports) => void = () => {}): KeptImports {
  const index = createSqliteCatalogue({ file: path.join(folder, 'catalogue.db'), distDir: DIST_DIR })
  const own = createOwnOffers({ file: path.join(folder, 'own.db'), index, now: Date.now, onRestored })
  return createKeptImports(index, own, createLogger({ level: 'silent', write: () => undefined }))
}
