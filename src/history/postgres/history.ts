/** The history in PostgreSQL, shared by processes on several machines. */
import type { Postgres } from '../../store/postgres.ts'
import type { Query } from '../../store/postgres-driver.ts'
import { numberIn, textIn } from '../../store/row.ts'
import { type HistoryStore, MAX_OBSERVATIONS, MAX_OBSERVATIONS_OF_OFFER, type Sighting } from '../history.ts'
import { readObservation } from '../rows.ts'
import { keyOf, outcomeOf } from '../rules.ts'

const MIGRATIONS = [
  `CREATE TABLE mcp1688_observations (
     id bigserial PRIMARY KEY,
     source text COLLATE "C" NOT NULL,
     offer_id text COLLATE "C" NOT NULL,
     kind text NOT NULL,
     first_at double precision NOT NULL,
     last_at double precision NOT NULL,
     facts text NOT NULL,
     UNIQUE (source, offer_id, kind, first_at)
   );
   CREATE INDEX mcp1688_observations_by_last ON mcp1688_observations (last_at);`,
]

const SQL = {
  last: `
    SELECT DISTINCT ON (source, offer_id, kind) id, source, offer_id, kind, facts, last_at FROM mcp1688_observations
    WHERE (source, offer_id, kind) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))
    ORDER BY source, offer_id, kind, first_at DESC`,
  confirm: `
    UPDATE mcp1688_observations AS known SET last_at = news.seen_at
    FROM unnest($1::bigint[], $2::float8[]) AS news (id, seen_at) WHERE known.id = news.id AND known.last_at < news.seen_at`,
  add: `
    INSERT INTO mcp1688_observations (source, offer_id, kind, first_at, last_at, facts)
    SELECT source, offer_id, kind, seen_at, seen_at, facts
    FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::text[]) AS news (source, offer_id, kind, seen_at, facts)
    ON CONFLICT DO NOTHING`,
  trim: `
    DELETE FROM mcp1688_observations WHERE id IN (
      SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY source, offer_id, kind ORDER BY first_at DESC) AS place
        FROM mcp1688_observations
        WHERE (source, offer_id, kind) IN (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]))) AS ranked
      WHERE place > ${MAX_OBSERVATIONS_OF_OFFER})`,
  past: `
    SELECT facts, last_at FROM mcp1688_observations WHERE source = ANY ($1) AND offer_id = $2 AND kind = $3
    ORDER BY first_at DESC LIMIT $4`,
  forgetSource: 'DELETE FROM mcp1688_observations WHERE source = $1',
  forgetOffers: 'DELETE FROM mcp1688_observations WHERE source = $1 AND offer_id = ANY ($2)',
  prune: 'DELETE FROM mcp1688_observations WHERE last_at < $1',
  makeRoom: `
    DELETE FROM mcp1688_observations WHERE id IN (
      SELECT id FROM mcp1688_observations ORDER BY last_at DESC OFFSET ${MAX_OBSERVATIONS})`,
} as const

/** Connects at the first use. */
export function createPostgresHistory(postgres: Postgres): HistoryStore {
  const { query, transact } = postgres.tables('history', MIGRATIONS)
  return {
    async observe(sightings) {
      const rounds = roundsOf(sightings)
      await transact(async run => {
        for (const round of rounds) await observe(run, round)
      })
    },
    past: async ({ sources, offerId, kind, limit }) =>
      (await query(SQL.past, [sources, offerId, kind, limit])).map(readObservation),
    async forget(source, offerIds) {
      if (offerIds === null) await query(SQL.forgetSource, [source])
      else await query(SQL.forgetOffers, [source, offerIds])
    },
    async prune(before) {
      await query(SQL.prune, [before])
      await query(SQL.makeRoom)
    },
  }
}

async function observe(query: Query, sightings: readonly Sighting[]): Promise<void> {
  const keysOf = (all: readonly Sighting[]) => [
    all.map(({ source }) => source),
    all.map(({ offerId }) => offerId),
    all.map(({ kind }) => kind),
  ]
  const rows = await query(SQL.last, keysOf(sightings))
  const lasts = new Map(
    rows.map(row => {
      const key = JSON.stringify([textIn(row, 'source'), textIn(row, 'offer_id'), textIn(row, 'kind')])
      return [key, { id: numberIn(row, 'id'), ...readObservation(row) }] as const
    }),
  )
  const added: (Sighting & { json: string })[] = []
  const confirmed: { id: number; seenAt: number }[] = []
  for (const sighting of sightings) {
    const last = lasts.get(keyOf(sighting)) ?? null
    const outcome = outcomeOf(last, sighting)
    if (outcome.action === 'add') added.push({ ...sighting, json: JSON.stringify(outcome.facts) })
    if (outcome.action === 'confirm' && last) confirmed.push({ id: last.id, seenAt: sighting.seenAt })
  }
  if (confirmed.length > 0) {
    await query(SQL.confirm, [confirmed.map(({ id }) => id), confirmed.map(({ seenAt }) => seenAt)])
  }
  if (added.length === 0) return
  await query(SQL.add, [...keysOf(added), added.map(({ seenAt }) => seenAt), added.map(({ json }) => json)])
  await query(SQL.trim, keysOf(added))
}

/** No offer twice in a round, because a statement does not see what it writes itself. */
function roundsOf(sightings: readonly Sighting[]): Sighting[][] {
  const rounds: Map<string, Sighting>[] = []
  for (const sighting of sightings) {
    const key = keyOf(sighting)
    const later = rounds.findLastIndex(round => round.has(key)) + 1
    const round = rounds[later] ?? new Map<string, Sighting>()
    if (round.size === 0) rounds.push(round)
    round.set(key, sighting)
  }
  // In one order, so that two writers never deadlock.
  return rounds.map(round => [...round.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)))
}
