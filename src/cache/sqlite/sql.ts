/** The reply cache's tables and statements on SQLite. */
import type { SqliteDatabase } from '../../store/sqlite.ts'

/**
 * Keys are hashes. `beat_at` uses the machine's monotonic clock: all processes agree on it, and setting the wall clock
 * neither ends nor extends a lease.
 */
export const CACHE_MIGRATIONS = [
  `CREATE TABLE entries (
     key TEXT PRIMARY KEY,
     flight_id TEXT NOT NULL,
     retrieved_at INTEGER NOT NULL,
     useless_at INTEGER NOT NULL,
     credits REAL NOT NULL,
     content TEXT NOT NULL,
     bytes INTEGER NOT NULL GENERATED ALWAYS AS (octet_length(content)) STORED
   ) STRICT;
   CREATE INDEX entries_to_evict ON entries (useless_at, retrieved_at, bytes);
   CREATE TABLE flights (
     key TEXT PRIMARY KEY,
     flight_id TEXT NOT NULL,
     beat_at REAL NOT NULL,
     failure TEXT
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE totals (
     hits INTEGER NOT NULL,
     misses INTEGER NOT NULL,
     credits_saved REAL NOT NULL
   ) STRICT;
   INSERT INTO totals VALUES (0, 0, 0);`,
] as const

/** `:alive` is the earliest heartbeat of a flight that is alive. */
export type CacheStatements = ReturnType<typeof prepareCache>

export function prepareCache(database: SqliteDatabase) {
  const prepare = (sql: string) => database.prepare(sql)
  return {
    entry: prepare('SELECT flight_id, content, retrieved_at, credits FROM entries WHERE key = ?'),
    // A heartbeat in the future dates from before the machine restarted.
    flight: prepare('SELECT failure FROM flights WHERE key = :key AND beat_at BETWEEN :alive AND :now'),
    reap: prepare('DELETE FROM flights WHERE beat_at NOT BETWEEN :alive AND :now'),
    claim: prepare(
      `INSERT INTO flights (key, flight_id, beat_at)
       SELECT :key, :flightId, :now WHERE (SELECT flight_id FROM entries WHERE key = :key) IS :seen
       ON CONFLICT (key) DO UPDATE SET flight_id = excluded.flight_id, beat_at = excluded.beat_at, failure = NULL
       WHERE failure IS NOT NULL`,
    ),
    renew: prepare('UPDATE flights SET beat_at = :now WHERE key = :key AND flight_id = :flightId'),
    fail: prepare('UPDATE flights SET beat_at = :now, failure = :failure WHERE key = :key AND flight_id = :flightId'),
    leave: prepare('DELETE FROM flights WHERE key = :key AND flight_id = :flightId'),
    keep: prepare(
      `INSERT INTO entries (key, flight_id, retrieved_at, useless_at, credits, content)
       VALUES (:key, :flightId, :retrievedAt, :uselessAt, :creditsSpent, :content)
       ON CONFLICT (key) DO UPDATE SET flight_id = excluded.flight_id, retrieved_at = excluded.retrieved_at,
         useless_at = excluded.useless_at, credits = excluded.credits, content = excluded.content`,
    ),
    // Without the hint, SQLite counts by reading the whole table, 200 MB at worst.
    size: prepare('SELECT count(*) AS entries, total(bytes) AS bytes FROM entries INDEXED BY entries_to_evict'),
    evict: prepare(
      `DELETE FROM entries WHERE rowid IN
         (SELECT rowid FROM entries ORDER BY useless_at > :wallNow, retrieved_at LIMIT :count)`,
    ),
    count: prepare(
      'UPDATE totals SET hits = hits + :hits, misses = misses + :misses, credits_saved = credits_saved + :creditsSaved',
    ),
    totals: prepare('SELECT hits, misses, credits_saved FROM totals'),
  }
}
