import { createSqliteHistory } from '../../src/history/sqlite/history.ts'
import { describeHistoryStore } from '../contract/history-suite.ts'
import { openOwnFile } from '../support/own-file.ts'
import { makeTempDir } from '../support/program.ts'

describeHistoryStore('the history on SQLite', async () => {
  const dir = makeTempDir()
  const [ours, theirs] = [openOwnFile(dir.path), openOwnFile(dir.path)]
  return {
    ours: createSqliteHistory(ours.useOwnFile),
    theirs: createSqliteHistory(theirs.useOwnFile),
    remove: async () => {
      await ours.close()
      await theirs.close()
      dir.remove()
    },
  }
})
