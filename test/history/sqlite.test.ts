import { createSqliteHistory } from '../../src/history/sqlite/history.ts'
import { createSqliteWatchStore } from '../../src/history/sqlite/watch-store.ts'
import { describeHistoryStore } from '../contract/history-suite.ts'
import { describeWatchStore } from '../contract/watch-suite.ts'
import { openOwnFile } from '../support/own-file.ts'
import { makeTempDir } from '../support/program.ts'

describeWatchStore('watch lists on SQLite', async () => {
  const { ours, theirs, remove } = open()
  return { ours: createSqliteWatchStore(ours.useOwnFile), theirs: createSqliteWatchStore(theirs.useOwnFile), remove }
})

describeHistoryStore('the history on SQLite', async () => {
  const { ours, theirs, remove } = open()
  return { ours: createSqliteHistory(ours.useOwnFile), theirs: createSqliteHistory(theirs.useOwnFile), remove }
})

/** One data folder, as two processes open it. */
function open() {
  const dir = makeTempDir()
  const [ours, theirs] = [openOwnFile(dir.path), openOwnFile(dir.path)]
  const remove = async () => {
    await ours.close()
    await theirs.close()
    dir.remove()
  }
  return { ours, theirs, remove }
}
