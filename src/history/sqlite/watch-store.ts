/** Watch lists in own.db, which has copies and is restored from them. */
import { MAX_WATCHED } from '../../offers/watched.ts'
import { numberIn, textIn } from '../../store/row.ts'
import { preparedOnce, type SqliteDatabase } from '../../store/sqlite.ts'
import { readWatched } from '../rows.ts'
import { listFull, type WatchStore } from '../watch-store.ts'
import type { UseFile } from './history.ts'

export function createSqliteWatchStore(use: UseFile): WatchStore {
  const read = <T>(work: (sql: Statements) => T): Promise<T> =>
    use(file => file.read(() => work(statementsOf(file.database))))
  const write = <T>(work: (sql: Statements) => T): Promise<T> =>
    use(file => {
      const sql = statementsOf(file.database)
      return file.writeSafely(() => work(sql))
    })
  return {
    add: (owner, targets, addedAt) =>
      write(sql => {
        const before = numberIn(sql.count.get(owner), 'count')
        const changes = targets.map(({ kind, target, state }) =>
          Number(sql.add.run(owner, kind, target, addedAt, state && JSON.stringify(state)).changes),
        )
        const added = changes.reduce((sum, count) => sum + count, 0)
        if (before + added > MAX_WATCHED) throw listFull(before, added)
        return added
      }),
    remove: (owner, targets) =>
      write(sql => {
        const changes = targets.map(({ kind, target }) => Number(sql.remove.run(owner, kind, target).changes))
        return changes.reduce((sum, count) => sum + count, 0)
      }),
    list: owner => read(sql => sql.list.all(owner).map(readWatched)),
    owners: () => read(sql => sql.owners.all().map(row => textIn(row, 'owner'))),
    putCheck: (owner, { kind, target, checkedAt, state, news }) =>
      write(sql => {
        sql.put.run(checkedAt, state && JSON.stringify(state), JSON.stringify(news), owner, kind, target)
      }),
    clearNews: (owner, targets) =>
      write(sql => {
        for (const { kind, target } of targets) sql.clear.run(owner, kind, target)
      }),
  }
}

type Statements = ReturnType<typeof prepare>

const statementsOf = preparedOnce(prepare)

function prepare(database: SqliteDatabase) {
  const one = 'owner = ? AND kind = ? AND target = ?'
  return {
    count: database.prepare('SELECT count(*) AS count FROM watched WHERE owner = ?'),
    add: database.prepare(
      'INSERT OR IGNORE INTO watched (owner, kind, target, added_at, state) VALUES (?, ?, ?, ?, ?)',
    ),
    remove: database.prepare(`DELETE FROM watched WHERE ${one}`),
    list: database.prepare('SELECT * FROM watched WHERE owner = ? ORDER BY id'),
    owners: database.prepare('SELECT DISTINCT owner FROM watched ORDER BY owner'),
    put: database.prepare(`UPDATE watched SET checked_at = ?, state = ?, news = ? WHERE ${one}`),
    clear: database.prepare(`UPDATE watched SET news = NULL WHERE ${one}`),
  }
}
