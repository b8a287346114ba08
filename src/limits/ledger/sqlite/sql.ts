/** The ledger's tables and statements on SQLite. One file holds one key, so no table names the key. */
import type { SqliteDatabase } from '../../../store/sqlite.ts'

/**
 * `account` has one row: the ledger's clock and what was learned from the upstream's 429s. `calls` is both the sliding
 * log (`slot_until`) and the record of credits (`called_at`): usage is always summed from it, so no counter can
 * disagree. `called_at` is wall time, for the calendar; all other times are ledger time; both in milliseconds.
 */
export const LEDGER_MIGRATIONS: readonly string[] = [
  `CREATE TABLE account (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     wall_ms REAL NOT NULL,
     monotonic_ms REAL NOT NULL,
     ledger_ms REAL NOT NULL,
     blocked_until REAL NOT NULL DEFAULT 0,
     spacing_steps INTEGER NOT NULL DEFAULT 0,
     spacing_hold_ms REAL NOT NULL DEFAULT 0,
     spacing_learned REAL NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE calls (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     called_at REAL NOT NULL,
     granted REAL NOT NULL,
     slot_until REAL NOT NULL,
     credits REAL NOT NULL CHECK (credits >= 0),
     state TEXT NOT NULL CHECK (state IN ('reserved', 'answered', 'unknown', 'limited'))
   ) STRICT;
   CREATE INDEX calls_by_slot ON calls (slot_until);
   CREATE INDEX calls_by_time ON calls (called_at, credits);
   CREATE TABLE waiters (
     place INTEGER PRIMARY KEY AUTOINCREMENT,
     ticket TEXT NOT NULL UNIQUE,
     seen REAL NOT NULL
   ) STRICT;`,
]

/** If the monotonic clock runs further ahead of the wall clock than this, it belongs to another boot of the machine. */
const CLOCK_TOLERANCE_MS = 1_000

/**
 * Ledger time follows the monotonic clock, so setting the wall clock neither opens nor blocks the window. After a
 * restart, when the monotonic clock went back, it follows the wall clock. In doubt it advances by less rather than
 * more: a late slot costs seconds, an early one a 429.
 */
const TICK = `
  INSERT INTO account (id, wall_ms, monotonic_ms, ledger_ms) VALUES (1, :wall, :monotonic, :wall)
  ON CONFLICT (id) DO UPDATE SET
    ledger_ms = ledger_ms + CASE
      WHEN :monotonic >= monotonic_ms
       AND (:wall < wall_ms OR :monotonic - monotonic_ms <= :wall - wall_ms + ${CLOCK_TOLERANCE_MS})
      THEN :monotonic - monotonic_ms
      ELSE max(0, :wall - wall_ms) END,
    wall_ms = :wall,
    monotonic_ms = :monotonic
  RETURNING ledger_ms AS now, blocked_until, spacing_steps, spacing_hold_ms, spacing_learned`

export type LedgerStatements = ReturnType<typeof prepareLedger>

export function prepareLedger(database: SqliteDatabase) {
  return {
    tick: database.prepare(TICK),
    limit: database.prepare(
      'UPDATE account SET blocked_until = ?, spacing_steps = ?, spacing_hold_ms = ?, spacing_learned = ?',
    ),

    reapWaiters: database.prepare('DELETE FROM waiters WHERE seen <= ?'),
    wait: database.prepare(
      'INSERT INTO waiters (ticket, seen) VALUES (?, ?) ON CONFLICT (ticket) DO UPDATE SET seen = excluded.seen',
    ),
    leave: database.prepare('DELETE FROM waiters WHERE ticket = ?'),
    countWaiters: database.prepare('SELECT count(*) AS value FROM waiters'),
    countAhead: database.prepare(
      `SELECT count(*) AS value FROM waiters
       WHERE place < coalesce((SELECT place FROM waiters WHERE ticket = ?), 9223372036854775807)`,
    ),

    grant: database.prepare(
      `INSERT INTO calls (called_at, granted, slot_until, credits, state) VALUES (?, ?, ?, ?, 'reserved') RETURNING id AS value`,
    ),
    pruneCalls: database.prepare('DELETE FROM calls WHERE slot_until < ?'),
    countLive: database.prepare('SELECT count(*) AS value FROM calls WHERE slot_until > ?'),
    slotEndFromLast: database.prepare(
      'SELECT slot_until AS value FROM calls WHERE slot_until > ? ORDER BY slot_until DESC LIMIT 1 OFFSET ?',
    ),
    latestGrant: database.prepare('SELECT granted AS value FROM calls ORDER BY id DESC LIMIT 1'),
    creditsSince: database.prepare('SELECT coalesce(sum(credits), 0) AS value FROM calls WHERE called_at >= ?'),
    oldestCharged: database.prepare(
      'SELECT called_at AS value FROM calls WHERE called_at >= ? AND credits > 0 ORDER BY called_at LIMIT 1',
    ),

    reserve: database.prepare(`UPDATE calls SET credits = credits + ? WHERE id = ? AND state = 'reserved'`),
    settle: database.prepare(
      `UPDATE calls SET state = :state, slot_until = min(slot_until, granted + :slotMs), credits = coalesce(:credits, credits)
       WHERE id = :id AND state = 'reserved'`,
    ),
    takeBack: database.prepare(`DELETE FROM calls WHERE id = ? AND state = 'reserved'`),
  }
}
