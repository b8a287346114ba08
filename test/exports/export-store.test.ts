import { createSqliteExportStore } from '../../src/exports/sqlite/export-store.ts'
import { describeExportStore } from '../contract/export-suite.ts'
import { twoOpenings } from '../support/two-openings.ts'

describeExportStore('exports on SQLite', async () => twoOpenings(createSqliteExportStore))
