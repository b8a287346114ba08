/** Ranks the PostgreSQL catalogue in this process's memory if it fits, else in the database. */
import { MAX_PHOTOS } from '../../offers/offer.ts'
import type { PostgresTables } from '../../store/postgres.ts'
import type { Query } from '../../store/postgres-driver.ts'
import { numberIn, type Row, textIn } from '../../store/row.ts'
import type { Catalogue, CatalogueHit, NearestQuery } from '../catalogue.ts'
import type { OfferCounts } from '../ranking/offer-counter.ts'
import { type Candidate, REFERENCE_ROWS, type Reference, referenceOf } from '../ranking/reference.ts'
import { bestCosineOf, type Ranking } from '../ranking/vector-index.ts'
import { OFFER_COLUMNS, readOffer } from '../rows.ts'
import { createPostgresFilter, type SqlFilter } from './filter.ts'
import { createPostgresMemory, type PostgresMemoryOptions } from './memory.ts'
import { createVectorIndexes, type IndexedModel } from './vector-indexes.ts'
import { asHalfvec } from './writes.ts'

/** Up to this many vectors are compared one by one, which is as fast as the index and exact. */
const EXACT_UP_TO = 5_000

/** The minimum number of candidates in an index search: more find more of the true nearest, but take longer. */
const SEARCH_WIDTH = 600

/** pgvector's maximum. */
const MAX_SEARCH_WIDTH = 1_000

/** Rows that an index scan may visit if a filter drops most of them; beyond that, vectors are compared one by one. */
const MAX_SCANNED_ROWS = 40_000

/** Among more rows, an offer counts for each source that knows it: grouping 200,000 takes a database with 4 MB of work_mem 0.7 s. */
const OFFERS_COUNTED_ONCE = 100_000

export interface PostgresRankingOptions {
  /** The folder of scan.wasm. */
  distDir: string
  /** See {@link PostgresMemoryOptions.when}. */
  memory?: PostgresMemoryOptions['when']
  /** Default 5,000; tests set 0 to force the index. */
  exactUpTo?: number
}

interface Task {
  query: NearestQuery
  filter: Pick<SqlFilter, 'where' | 'values'>
  limit: number
}

type Rankings = Pick<Catalogue, 'nearest' | 'similarities'>

export function createPostgresRankings(tables: PostgresTables, options: PostgresRankingOptions): Rankings {
  const { distDir, memory: when = 'later', exactUpTo = EXACT_UP_TO } = options
  const memory = createPostgresMemory(tables, { distDir, when })
  const filterOf = createPostgresFilter(tables)
  const indexes = createVectorIndexes(tables)

  const rank = async (task: Task, compared: number): Promise<Ranked[]> => {
    if (compared === 0) return []
    if (compared > exactUpTo) {
      const { model, vectors } = task.query
      const index = await indexes.find(model, vectors[0]?.length ?? 0)
      const found = index && (await tables.transact(run => rankByIndex(run, task, index)))
      if (found && found.length >= Math.min(task.limit, compared)) return found
    }
    return rankExactly(tables.query, task)
  }

  const rankInDatabase = async (query: NearestQuery): Promise<Ranking> => {
    const filter = await filterOf(query.sources, query.filters, query.except)
    const { isMixed, fittingCompared, ...rows } = await countRows(tables.query, query.model, filter)
    const countsOnce = isMixed && rows.known <= OFFERS_COUNTED_ONCE
    const counts = countsOnce ? await countOffers(tables.query, query.model, filter) : rows
    const span = Math.max(1, query.offset + query.limit)
    const limit = Math.max(span, query.reference ? REFERENCE_ROWS + query.reference.found.size : 0)
    const rankThose = (where: string, compared: number) =>
      rank({ query, filter: { where, values: filter.values }, limit }, compared)
    const fitting = await rankThose(filter.fits, fittingCompared)
    const others = await rankThose(`${filter.where} AND (${filter.fits}) IS NOT TRUE`, rows.compared - fittingCompared)
    const nearest = [...fitting, ...others].sort((a, b) => b.cosine - a.cosine).slice(0, limit)
    const reference = await referenceIn(tables.query, query, nearest, counts.compared)
    return { best: [...fitting.slice(0, span), ...others.slice(0, span)], ...counts, reference }
  }

  return {
    async nearest(query) {
      const { best, ...counts } = (await memory.rank(query)) ?? (await rankInDatabase(query))
      const hits = await readHits(tables.query, best.slice(query.offset, query.offset + query.limit))
      return { hits, bestCosine: bestCosineOf(best), ...counts }
    },
    async similarities(source, offerIds, model, vectors) {
      const rows = await tables.query(
        `SELECT offer.offer_id, max(${cosineOf(vectors, 4)}) AS cosine
         FROM mcp1688_offers AS offer JOIN mcp1688_embeddings ON offer = id
         WHERE source = $1 AND offer_id = ANY ($2::text[]) AND model = $3 AND model = ANY (models)
           AND vector_dims(vector) = ${dimensionsOf(vectors)} GROUP BY offer.offer_id`,
        [source, offerIds, model, ...vectors.map(asHalfvec)],
      )
      return new Map(rows.map(row => [textIn(row, 'offer_id'), numberIn(row, 'cosine')]))
    },
  }
}

async function referenceIn(
  query: Query,
  { model, reference }: NearestQuery,
  nearest: readonly Candidate[],
  compared: number,
): Promise<Reference | null> {
  if (!reference) return null
  const ids = nearest.map(({ id }) => id)
  const rows = await query(
    `SELECT other.offer, max(1 - (other.vector <=> first.vector))::float8 AS cosine
     FROM mcp1688_embeddings AS other JOIN mcp1688_embeddings AS first ON first.model = other.model AND first.offer = $2
     WHERE other.model = $1 AND other.offer = ANY ($3::bigint[]) GROUP BY other.offer`,
    [model, ids[0] ?? null, ids],
  )
  const cosineOfId = new Map(rows.map(row => [numberIn(row, 'offer'), numberIn(row, 'cosine')]))
  const toNearest = ids.map(id => cosineOfId.get(id) ?? 0)
  return referenceOf(nearest, toNearest, reference, compared)
}

interface RowCounts extends OfferCounts {
  fittingCompared: number
  /** Whether the rows are of several sources, which may know the same offer. */
  isMixed: boolean
}

async function countRows(query: Query, model: string, { where, fits, values }: SqlFilter): Promise<RowCounts> {
  const isCompared = `$${values.length + 1} = ANY (models)`
  const [row] = await query(
    `SELECT count(*) AS known, count(*) FILTER (WHERE ${isCompared}) AS compared, count(*) FILTER (WHERE ${fits}) AS fitting,
       count(*) FILTER (WHERE ${fits} AND ${isCompared}) AS fitting_compared, min(source) < max(source) AS is_mixed
     FROM mcp1688_offers AS offer WHERE ${where}`,
    [...values, model],
  )
  return {
    ...readCounts(row),
    fittingCompared: numberIn(row, 'fitting_compared'),
    isMixed: row?.is_mixed === true,
  }
}

async function countOffers(query: Query, model: string, { where, fits, values }: SqlFilter): Promise<OfferCounts> {
  const [row] = await query(
    `SELECT count(*) AS known, count(*) FILTER (WHERE compared) AS compared, count(*) FILTER (WHERE fitting) AS fitting
     FROM (SELECT bool_or($${values.length + 1} = ANY (models)) AS compared, bool_or(${fits}) AS fitting
       FROM mcp1688_offers AS offer WHERE ${where} GROUP BY offer_id) AS counted`,
    [...values, model],
  )
  return readCounts(row)
}

function readCounts(row: Row | undefined): OfferCounts {
  return { known: numberIn(row, 'known'), compared: numberIn(row, 'compared'), fitting: numberIn(row, 'fitting') }
}

type Ranked = Candidate

function rankExactly(query: Query, task: Task): Promise<Ranked[]> {
  return readRanked(query, task, `SELECT offer, model, vector FROM mcp1688_embeddings`)
}

/**
 * Candidates of each query vector, then the exact score of each candidate: an offer among the best overall is among the
 * best for at least one query vector. The index scan continues while the filter drops its results.
 */
async function rankByIndex(query: Query, task: Task, index: IndexedModel): Promise<Ranked[]> {
  const { query: nearest, filter, limit } = task
  const [photo] = await query(`SELECT 1 FROM mcp1688_embeddings WHERE model = $1 AND picture <> '' LIMIT 1`, [
    nearest.model,
  ])
  // An offer may have as many vectors.
  const vectorLimit = photo ? limit * (MAX_PHOTOS + 1) : limit
  await query(`
    SET LOCAL hnsw.iterative_scan = relaxed_order;
    SET LOCAL hnsw.ef_search = ${Math.min(MAX_SEARCH_WIDTH, Math.max(SEARCH_WIDTH, 2 * vectorLimit))};
    SET LOCAL hnsw.max_scan_tuples = ${MAX_SCANNED_ROWS};
    SET LOCAL enable_sort = off`)
  const at = filter.values.length + 2
  const candidates = nearest.vectors.map(
    (_, position) =>
      `(SELECT near.offer, model, vector FROM mcp1688_embeddings AS near JOIN mcp1688_offers AS offer ON offer.id = near.offer
        WHERE ${index.condition} AND ${filter.where}
        ORDER BY ${index.expression} <=> $${at + position}::halfvec(${index.dimensions}) LIMIT ${vectorLimit})`,
  )
  return readRanked(query, task, candidates.join(' UNION '))
}

/** Scores and sorts candidates; ties are in the order of their IDs, which are digits without leading zeros. */
async function readRanked(query: Query, task: Task, candidates: string): Promise<Ranked[]> {
  const { query: nearest, filter, limit } = task
  const at = filter.values.length + 1
  const rows = await query(
    `SELECT id, offer_id, source, max(cosine) AS cosine FROM (
       SELECT offer.id, offer.offer_id, offer.source, ${cosineOf(nearest.vectors, at + 1)} AS cosine
       FROM (${candidates}) AS candidate JOIN mcp1688_offers AS offer ON offer.id = candidate.offer
       WHERE model = $${at} AND vector_dims(vector) = ${dimensionsOf(nearest.vectors)} AND ${filter.where}
     ) AS scored GROUP BY id, offer_id, source
     ORDER BY cosine DESC, length(offer_id), offer_id, source LIMIT ${limit}`,
    [...filter.values, nearest.model, ...nearest.vectors.map(asHalfvec)],
  )
  return rows.map(row => ({
    id: numberIn(row, 'id'),
    offerId: textIn(row, 'offer_id'),
    source: textIn(row, 'source'),
    cosine: numberIn(row, 'cosine'),
  }))
}

/**
 * SQL for the cosine with the best query vector, rounded as on SQLite so that equal scores are ties; 0 for a zero
 * vector, whose distance is NaN.
 * @param at the number of the first vector's parameter.
 */
function cosineOf(vectors: readonly Int8Array[], at: number): string {
  const distances = vectors.map((_, index) => `vector <=> $${at + index}::halfvec`)
  return `round((1 - coalesce(nullif(least(${distances.join(', ')}), 'NaN'), 1)) * 1e6) / 1e6`
}

function dimensionsOf(vectors: readonly Int8Array[]): number {
  return vectors[0]?.length ?? 0
}

async function readHits(query: Query, best: Ranking['best']): Promise<CatalogueHit[]> {
  const rows = await query(`SELECT id, ${OFFER_COLUMNS} FROM mcp1688_offers WHERE id = ANY ($1::bigint[])`, [
    best.map(({ id }) => id),
  ])
  const offerOf = new Map(rows.map(row => [numberIn(row, 'id'), readOffer(row)]))
  return best.flatMap(({ id, cosine }) => {
    const offer = offerOf.get(id)
    return offer ? [{ ...offer, cosine }] : []
  })
}
