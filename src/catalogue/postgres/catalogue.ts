/** The catalogue in PostgreSQL with pgvector, shared by processes on several machines. */
import type { Postgres } from '../../store/postgres.ts'
import type { Catalogue } from '../catalogue.ts'
import { createPostgresRankings, type PostgresRankingOptions } from './ranking.ts'
import { createPostgresReads } from './reads.ts'
import { POSTGRES_CATALOGUE_MIGRATIONS } from './schema.ts'
import { createPostgresWrites } from './writes.ts'

/** Connects at the first use. */
export function createPostgresCatalogue(postgres: Postgres, options: PostgresRankingOptions): Catalogue {
  const tables = postgres.tables('catalogue', POSTGRES_CATALOGUE_MIGRATIONS)
  return {
    ...createPostgresReads(tables),
    ...createPostgresWrites(tables),
    ...createPostgresRankings(tables, options),
    // The pool belongs to the process and outlives the catalogue.
    close: async () => undefined,
  }
}
