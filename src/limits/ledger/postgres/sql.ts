/** The ledger's tables and statements on PostgreSQL. One database holds many keys, each an account. */
import { DATABASE_NOW } from '../../../store/postgres.ts'
import { ROLLING_PERIOD_MS } from '../credit-period.ts'
import { LONGEST_SLOT_MS, WAITER_PATIENCE_MS } from '../ledger.ts'
import { KEEP_CALLS_MS } from '../rules.ts'

/**
 * As on SQLite (sqlite/sql.ts), with the account in every row. `version` counts grants and blocks, which outdate a
 * judgement. A grant is written only if the version it was judged by still holds, so of many processes judging at once,
 * one succeeds and the others judge again.
 */
export const POSTGRES_LEDGER_MIGRATIONS: readonly string[] = [
  `CREATE TABLE mcp1688_accounts (
     account text PRIMARY KEY,
     version bigint NOT NULL DEFAULT 0,
     wall_ms double precision NOT NULL,
     ledger_ms double precision NOT NULL,
     blocked_until double precision NOT NULL DEFAULT 0,
     spacing_steps integer NOT NULL DEFAULT 0,
     spacing_hold_ms double precision NOT NULL DEFAULT 0,
     spacing_learned double precision NOT NULL DEFAULT 0
   ) WITH (fillfactor = 50);
   CREATE TABLE mcp1688_calls (
     id bigserial PRIMARY KEY,
     account text NOT NULL,
     called_at double precision NOT NULL,
     granted double precision NOT NULL,
     slot_until double precision NOT NULL,
     credits double precision NOT NULL CHECK (credits >= 0),
     state text NOT NULL CHECK (state IN ('reserved', 'answered', 'unknown', 'limited'))
   );
   CREATE INDEX mcp1688_calls_by_slot ON mcp1688_calls (account, slot_until);
   CREATE INDEX mcp1688_calls_by_time ON mcp1688_calls (account, called_at) INCLUDE (credits);
   CREATE TABLE mcp1688_waiters (
     account text NOT NULL,
     ticket text NOT NULL,
     place bigserial,
     seen double precision NOT NULL,
     PRIMARY KEY (account, ticket)
   );`,
]

/**
 * How far the database's clock may run ahead of the process's clock between two readings: round trips and lock waits.
 * More means that the database's clock was set.
 */
const CLOCK_TOLERANCE_MS = 1_000

/**
 * Ledger time follows the database's clock. If that was set, a process that has read ledger time before uses its own
 * clock: `$2` is its lower bound of ledger time, NULL at first. Ledger time never goes back.
 */
const TICKED = `CASE
  WHEN ${DATABASE_NOW} < wall_ms OR ledger_ms + ${DATABASE_NOW} - wall_ms > $2::double precision + ${CLOCK_TOLERANCE_MS}
  THEN greatest(ledger_ms, $2::double precision)
  ELSE ledger_ms + greatest(0, ${DATABASE_NOW} - wall_ms) END`

/** Account `$1` now; the clock is read once for the whole statement. */
const ACCOUNT = `
  account AS MATERIALIZED (
    SELECT *, ${TICKED} AS now, ${DATABASE_NOW} AS wall FROM mcp1688_accounts WHERE account = $1
  )`

/** The start of the credit period, as in credit-period.ts; `$4` is the reset day or NULL. */
const PERIOD = `
  period AS MATERIALIZED (
    SELECT CASE WHEN $4::integer IS NULL THEN wall - ${ROLLING_PERIOD_MS} + 1
      ELSE extract(epoch FROM date_trunc('month', day) + ($4 - 1) * interval '1 day') * 1000 END AS since
    FROM (SELECT wall, to_timestamp(wall / 1000) AT TIME ZONE 'UTC' - ($4 - 1) * interval '1 day' AS day FROM account) AS moment
  )`

const WAITING = `
  waiting AS MATERIALIZED (
    SELECT ticket, place FROM mcp1688_waiters
    WHERE account = $1 AND seen > (SELECT now FROM account) - ${WAITER_PATIENCE_MS}
  )`

const USED = `(
  SELECT coalesce(sum(credits), 0) FROM mcp1688_calls
  WHERE account = $1 AND called_at >= (SELECT since FROM period))`

/** The facts of rules.ts. `$3` is the rate or NULL. */
const factsWith = (credits: string): string => `
  SELECT version, now, wall, blocked_until, spacing_steps, spacing_hold_ms, spacing_learned, ahead, ${credits} AS credits_used,
    (SELECT slot_until FROM mcp1688_calls WHERE account = $1 AND slot_until > now
     ORDER BY slot_until DESC OFFSET greatest(0, coalesce($3::integer, 0) - ahead - 1) LIMIT 1) AS room_ends_at,
    -- The widest gap is less than two windows.
    CASE WHEN spacing_steps > 0 THEN
      (SELECT max(granted) FROM mcp1688_calls WHERE account = $1 AND slot_until > now - ${2 * LONGEST_SLOT_MS}) END AS latest_grant_at,
    (SELECT called_at FROM mcp1688_calls WHERE account = $1 AND called_at >= (SELECT since FROM period) AND credits > 0
     ORDER BY called_at LIMIT 1) AS oldest_charged_at`

/** A statement the server plans once per connection. */
const prepared = (name: string, text: string) => ({ name: `mcp1688 ledger ${name}`, text })

/** `$1` is the account in each statement. */
export const LEDGER_SQL = {
  open: prepared(
    'open',
    `INSERT INTO mcp1688_accounts (account, wall_ms, ledger_ms) VALUES ($1, ${DATABASE_NOW}, ${DATABASE_NOW}) ON CONFLICT DO NOTHING`,
  ),

  /** `$5` is the ticket, `$6` whether credits are limited. */
  facts: prepared(
    'facts',
    `WITH ${ACCOUNT}, ${PERIOD}, ${WAITING}, ahead AS MATERIALIZED (
       SELECT count(*)::integer AS ahead FROM waiting
       WHERE place < coalesce((SELECT place FROM waiting WHERE ticket = $5), 9223372036854775807)
     ) ${factsWith(`CASE WHEN $6::boolean THEN ${USED} ELSE 0 END`)} FROM account, ahead`,
  ),
  standing: prepared(
    'standing',
    `WITH ${ACCOUNT}, ${PERIOD}, ${WAITING}, ahead AS MATERIALIZED (SELECT count(*)::integer AS ahead FROM waiting)
     ${factsWith(USED)}, (SELECT count(*) FROM mcp1688_calls WHERE account = $1 AND slot_until > now) AS live
     FROM account, ahead`,
  ),

  /** Writes a grant if the account still has version `$3`: `$4` is the ticket, `$5` the credits. */
  grant: prepared(
    'grant',
    `WITH turn AS (
       UPDATE mcp1688_accounts SET version = version + 1, ledger_ms = ${TICKED}, wall_ms = ${DATABASE_NOW}
       WHERE account = $1 AND version = $3 RETURNING ledger_ms, wall_ms
     ), left_line AS (
       DELETE FROM mcp1688_waiters WHERE account = $1 AND ticket = $4 AND EXISTS (SELECT 1 FROM turn)
     ), pruned AS (
       DELETE FROM mcp1688_calls WHERE account = $1 AND slot_until < (SELECT ledger_ms - ${KEEP_CALLS_MS} FROM turn)
     )
     INSERT INTO mcp1688_calls (account, called_at, granted, slot_until, credits, state)
     SELECT $1, wall_ms, ledger_ms, ledger_ms + ${LONGEST_SLOT_MS}, $5, 'reserved' FROM turn RETURNING id, granted`,
  ),

  /** Keeps the place of ticket `$2`, seen at ledger time `$3`; tickets not seen for too long lose theirs. */
  wait: prepared(
    'wait',
    `WITH gone AS (
       DELETE FROM mcp1688_waiters WHERE account = $1 AND ticket IN (
         SELECT ticket FROM mcp1688_waiters
         WHERE account = $1 AND ticket <> $2 AND seen <= $3::double precision - ${WAITER_PATIENCE_MS} FOR UPDATE SKIP LOCKED)
     )
     INSERT INTO mcp1688_waiters AS known (account, ticket, seen) VALUES ($1, $2, $3)
     ON CONFLICT (account, ticket) DO UPDATE SET seen = excluded.seen,
       place = CASE WHEN known.seen <= excluded.seen - ${WAITER_PATIENCE_MS} THEN excluded.place ELSE known.place END`,
  ),
  leave: prepared('leave', 'DELETE FROM mcp1688_waiters WHERE account = $1 AND ticket = $2'),

  /** Reserves `$4` more credits for call `$2` if the account still has version `$3`. */
  reserve: prepared(
    'reserve',
    `WITH turn AS (
       UPDATE mcp1688_accounts SET version = version + 1 WHERE account = $1 AND version = $3 RETURNING version
     ), raised AS (
       UPDATE mcp1688_calls SET credits = credits + $4
       WHERE account = $1 AND id = $2 AND state = 'reserved' AND EXISTS (SELECT 1 FROM turn)
     )
     SELECT version FROM turn`,
  ),
  settle: prepared(
    'settle',
    `UPDATE mcp1688_calls SET state = $3, slot_until = least(slot_until, granted + $4), credits = coalesce($5, credits)
     WHERE account = $1 AND id = $2 AND state = 'reserved' RETURNING id`,
  ),
  takeBack: prepared('take back', `DELETE FROM mcp1688_calls WHERE account = $1 AND id = $2 AND state = 'reserved'`),
  lock: prepared('lock', `SELECT *, ${TICKED} AS now FROM mcp1688_accounts WHERE account = $1 FOR NO KEY UPDATE`),
  limit: prepared(
    'limit',
    `UPDATE mcp1688_accounts SET version = version + 1, blocked_until = $2, spacing_steps = $3, spacing_hold_ms = $4, spacing_learned = $5
     WHERE account = $1`,
  ),
} as const
