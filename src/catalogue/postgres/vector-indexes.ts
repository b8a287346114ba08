/** One vector index per model, built in the background once the model has too many vectors to compare one by one. */
import { createHash } from 'node:crypto'
import type { PostgresTables } from '../../store/postgres.ts'
import type { Query } from '../../store/postgres-driver.ts'

/** In milliseconds: ten million vectors take some hours. */
const BUILD_WITHIN_MS = 24 * 3_600_000

/** A build takes many times as long if the vectors do not fit into this memory; some 350,000 do. */
const MORE_MEMORY = `
  SELECT set_config('maintenance_work_mem', '512MB', false)
  WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes('512MB')`

/** How long to wait after a failed or refused build, in milliseconds. */
const RETRY_AFTER_MS = 60_000

/** Statements must repeat the index's condition and expression exactly. */
export interface IndexedModel {
  dimensions: number
  condition: string
  expression: string
}

export interface VectorIndexes {
  /**
   * The index of a model's vectors of this length. If there is none yet, returns `null` and builds it unless another
   * process does.
   */
  find(model: string, dimensions: number): Promise<IndexedModel | null>
}

export function createVectorIndexes(tables: PostgresTables): VectorIndexes {
  const ready = new Map<string, IndexedModel>()
  const restsUntil = new Map<string, number>()

  return {
    async find(model, dimensions) {
      const name = indexName(model, dimensions)
      const known = ready.get(name)
      if (known) return known
      const index = indexOf(model, dimensions)
      if (await isValid(tables.query, name)) {
        ready.set(name, index)
        return index
      }
      if ((restsUntil.get(name) ?? 0) < performance.now()) {
        restsUntil.set(name, performance.now() + RETRY_AFTER_MS)
        // Nothing waits for it: until it exists, vectors are compared one by one.
        tables.alone(query => build(query, name, index)).catch(() => undefined)
      }
      return null
    },
  }
}

function indexName(model: string, dimensions: number): string {
  return `mcp1688_near_${createHash('sha256').update(`${model}\n${dimensions}`).digest('hex').slice(0, 16)}`
}

function indexOf(model: string, dimensions: number): IndexedModel {
  return {
    dimensions,
    condition: `model = '${model.replaceAll("'", "''")}' AND vector_dims(vector) = ${dimensions}`,
    expression: `(vector::halfvec(${dimensions}))`,
  }
}

async function isValid(query: Query, name: string): Promise<boolean> {
  const [row] = await query('SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)', [name])
  return row?.indisvalid === true
}

/** Does not block writers. An invalid index that a killed build left behind is dropped first. */
async function build(query: Query, name: string, { condition, expression }: IndexedModel): Promise<void> {
  const [lock] = await query('SELECT pg_try_advisory_lock(hashtext($1)) AS taken', [name])
  if (lock?.taken !== true) return
  try {
    if (await isValid(query, name)) return
    await query(MORE_MEMORY)
    await query(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`, [], BUILD_WITHIN_MS)
    await query(
      `CREATE INDEX CONCURRENTLY ${name} ON mcp1688_embeddings USING hnsw (${expression} halfvec_cosine_ops) WHERE ${condition}`,
      [],
      BUILD_WITHIN_MS,
    )
  } finally {
    await query('RESET maintenance_work_mem')
    await query('SELECT pg_advisory_unlock(hashtext($1))', [name])
  }
}
