/** Watch lists in PostgreSQL, shared by processes on several machines. */
import { MAX_WATCHED, type WatchTarget } from '../../offers/watched.ts'
import type { Postgres } from '../../store/postgres.ts'
import { numberIn, textIn } from '../../store/row.ts'
import { readWatched } from '../rows.ts'
import { listFull, type WatchStore } from '../watch-store.ts'

const MIGRATIONS = [
  `CREATE TABLE mcp1688_watched (
     id bigserial PRIMARY KEY,
     owner text COLLATE "C" NOT NULL,
     kind text NOT NULL,
     target text NOT NULL,
     added_at double precision NOT NULL,
     checked_at double precision,
     state text,
     news text,
     UNIQUE (owner, kind, target)
   );`,
]

const ONE = 'owner = $1 AND (kind, target) IN (SELECT * FROM unnest($2::text[], $3::text[]))'

const SQL = {
  /** Two calls of one owner must not both fill the last place. */
  lock: 'SELECT pg_advisory_xact_lock(hashtextextended($1, 1688))',
  count: 'SELECT count(*) AS count FROM mcp1688_watched WHERE owner = $1',
  add: `
    INSERT INTO mcp1688_watched (owner, kind, target, added_at, state)
    SELECT $1, kind, target, $2, state FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS news (kind, target, state, place)
    ORDER BY place ON CONFLICT DO NOTHING RETURNING 1`,
  remove: `DELETE FROM mcp1688_watched WHERE ${ONE} RETURNING 1`,
  list: 'SELECT * FROM mcp1688_watched WHERE owner = $1 ORDER BY id',
  owners: 'SELECT DISTINCT owner FROM mcp1688_watched ORDER BY owner',
  put: 'UPDATE mcp1688_watched SET checked_at = $4, state = $5, news = $6 WHERE owner = $1 AND kind = $2 AND target = $3',
  clear: `UPDATE mcp1688_watched SET news = NULL WHERE ${ONE}`,
} as const

/** Connects at the first use. */
export function createPostgresWatchStore(postgres: Postgres): WatchStore {
  const { query, transact } = postgres.tables('watched', MIGRATIONS)
  return {
    add: (owner, targets, addedAt) =>
      transact(async run => {
        await run(SQL.lock, [owner])
        const before = numberIn((await run(SQL.count, [owner]))[0], 'count')
        const states = targets.map(({ state }) => state && JSON.stringify(state))
        const added = (await run(SQL.add, [owner, addedAt, ...columnsOf(targets), states])).length
        if (before + added > MAX_WATCHED) throw listFull(before, added)
        return added
      }),
    remove: async (owner, targets) => (await query(SQL.remove, [owner, ...columnsOf(targets)])).length,
    list: async owner => (await query(SQL.list, [owner])).map(readWatched),
    owners: async () => (await query(SQL.owners)).map(row => textIn(row, 'owner')),
    async putCheck(owner, { kind, target, checkedAt, state, news }) {
      await query(SQL.put, [owner, kind, target, checkedAt, state && JSON.stringify(state), JSON.stringify(news)])
    },
    async clearNews(owner, targets) {
      await query(SQL.clear, [owner, ...columnsOf(targets)])
    },
  }
}

function columnsOf(targets: readonly WatchTarget[]): [kinds: string[], targets: string[]] {
  return [targets.map(({ kind }) => kind), targets.map(({ target }) => target)]
}
