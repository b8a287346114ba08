import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Catalogue } from '../../../src/catalogue/catalogue.ts'
import { createSqliteCatalogue } from '../../../src/catalogue/sqlite/catalogue.ts'
import { describeCatalogue } from '../../contract/catalogue-suite.ts'

const distDir = path.resolve(import.meta.dirname, '../../../dist')

describeCatalogue('SQLite', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-catalogue-'))
  const handles: Catalogue[] = []
  return {
    async open() {
      const catalogue = createSqliteCatalogue({ file: path.join(folder, 'catalogue.db'), distDir })
      handles.push(catalogue)
      return catalogue
    },
    async dispose() {
      for (const handle of handles) await handle.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
