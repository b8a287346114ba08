import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createSqliteExportStore } from '../../src/exports/sqlite/export-store.ts'
import { describeExportStore } from '../contract/export-suite.ts'
import { makeTempDir } from '../support/program.ts'

describeExportStore('exports on SQLite', async () => {
  const dir = makeTempDir()
  let time = 1_800_000_000_000
  const open = () => createSqliteExportStore({ dataDir: dir.path, now: () => time })
  const [ours, theirs] = [open(), open()]
  return {
    ours,
    theirs,
    elapse: durationMs => {
      time += durationMs
    },
    atRest: async () =>
      readdirSync(dir.path)
        .map(file => readFileSync(path.join(dir.path, file), 'latin1'))
        .join('\n'),
    remove: async () => {
      await ours.close()
      await theirs.close()
      dir.remove()
    },
  }
})
