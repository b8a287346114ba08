/** The reply cache's tables and statements on PostgreSQL. */
import { DATABASE_NOW } from '../../store/postgres.ts'
import { LEASE_MS } from '../cache-store.ts'

/** As on SQLite (sqlite/sql.ts), except that `beat_at` uses the database's clock, which all machines share. */
export const POSTGRES_CACHE_MIGRATIONS: readonly string[] = [
  `CREATE TABLE mcp1688_cache_entries (
     key text PRIMARY KEY,
     flight_id text NOT NULL,
     retrieved_at double precision NOT NULL,
     useless_at double precision NOT NULL,
     credits double precision NOT NULL,
     content text NOT NULL,
     bytes integer NOT NULL GENERATED ALWAYS AS (octet_length(content)) STORED
   );
   CREATE INDEX mcp1688_cache_entries_to_evict ON mcp1688_cache_entries (useless_at, retrieved_at);
   CREATE TABLE mcp1688_cache_flights (
     key text PRIMARY KEY,
     flight_id text NOT NULL,
     beat_at double precision NOT NULL,
     failure text
   );
   CREATE TABLE mcp1688_cache_totals (
     hits bigint NOT NULL,
     misses bigint NOT NULL,
     credits_saved double precision NOT NULL
   );
   INSERT INTO mcp1688_cache_totals VALUES (0, 0, 0);`,
]

/** Whether a flight is alive. A beat in the future dates from before the database's clock was set back. */
const ALIVE = `(flight.beat_at BETWEEN ${DATABASE_NOW} - ${LEASE_MS} AND ${DATABASE_NOW})`

const prepared = (name: string, text: string) => ({ name: `mcp1688 cache ${name}`, text })

export const CACHE_SQL = {
  look: prepared(
    'look',
    `SELECT entry.flight_id, content, retrieved_at, credits, flight.key AS fetching, failure
     FROM (SELECT $1::text AS key) AS wanted
     LEFT JOIN mcp1688_cache_entries AS entry USING (key)
     LEFT JOIN mcp1688_cache_flights AS flight ON flight.key = wanted.key AND ${ALIVE}`,
  ),
  claim: prepared(
    'claim',
    `INSERT INTO mcp1688_cache_flights AS flight (key, flight_id, beat_at) VALUES ($1, $2, ${DATABASE_NOW})
     ON CONFLICT (key) DO UPDATE SET flight_id = excluded.flight_id, beat_at = excluded.beat_at, failure = NULL
     WHERE flight.failure IS NOT NULL OR NOT ${ALIVE} RETURNING key`,
  ),
  /** Whether the entry is still that of flight `$2` (NULL for none). */
  isUnchanged: prepared(
    'is unchanged',
    'SELECT (SELECT flight_id FROM mcp1688_cache_entries WHERE key = $1) IS NOT DISTINCT FROM $2::text AS unchanged',
  ),
  renew: prepared(
    'renew',
    `UPDATE mcp1688_cache_flights SET beat_at = ${DATABASE_NOW} WHERE key = $1 AND flight_id = $2`,
  ),
  fail: prepared(
    'fail',
    `UPDATE mcp1688_cache_flights SET beat_at = ${DATABASE_NOW}, failure = $3 WHERE key = $1 AND flight_id = $2`,
  ),
  leave: prepared('leave', 'DELETE FROM mcp1688_cache_flights WHERE key = $1 AND flight_id = $2'),
  keep: prepared(
    'keep',
    `INSERT INTO mcp1688_cache_entries (key, flight_id, retrieved_at, useless_at, credits, content) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (key) DO UPDATE SET flight_id = excluded.flight_id, retrieved_at = excluded.retrieved_at,
       useless_at = excluded.useless_at, credits = excluded.credits, content = excluded.content`,
  ),
  reap: prepared('reap', `DELETE FROM mcp1688_cache_flights AS flight WHERE NOT ${ALIVE}`),
  size: prepared('size', 'SELECT count(*) AS entries, coalesce(sum(bytes), 0) AS bytes FROM mcp1688_cache_entries'),
  /** Several processes may evict at once: each takes different entries. */
  evict: prepared(
    'evict',
    `DELETE FROM mcp1688_cache_entries WHERE key IN (
       SELECT key FROM mcp1688_cache_entries ORDER BY useless_at > ${DATABASE_NOW}, retrieved_at LIMIT $1 FOR UPDATE SKIP LOCKED)`,
  ),
  count: prepared(
    'count',
    'UPDATE mcp1688_cache_totals SET hits = hits + $1, misses = misses + $2, credits_saved = credits_saved + $3',
  ),
  totals: prepared('totals', 'SELECT hits, misses, credits_saved FROM mcp1688_cache_totals'),
} as const
