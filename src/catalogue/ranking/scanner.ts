/** The WebAssembly memory that holds the vectors, and calls to the scan kernel (assembly/scan.ts). */

/** Rows per call of the kernel: about 1 ms with six query vectors of 512 components. */
export const BLOCK_ROWS = 4096

const MAX_QUERIES = 32

const PAGE_BYTES = 65_536

export interface Scanner {
  /**
   * Row numbers to score, filled by the caller before {@link Scanner.scan}; {@link BLOCK_ROWS} long, valid until a row
   * is set.
   */
  picks(): Uint32Array
  /** Rows are added in ascending order and may be overwritten. */
  setRow(row: number, vector: Int8Array): void
  /** A copy. */
  row(row: number): Int8Array
  /** 1 to 32 vectors. */
  setQueries(queries: readonly Int8Array[]): void
  /**
   * The maximum of `dot(row, query) / |query|` over all queries, for each of the first `count` picks; valid until the
   * next call.
   */
  scan(count: number): Float32Array
}

/**
 * @param wasm the bytes of scan.wasm.
 * @param dimensions components of every vector, a multiple of 16.
 */
export async function createScanner(wasm: Uint8Array, dimensions: number): Promise<Scanner> {
  if (dimensions <= 0 || dimensions % 16 !== 0) throw new RangeError(`vectors of ${dimensions} components`)
  const queriesAt = 0
  const scalesAt = queriesAt + MAX_QUERIES * dimensions * 2
  const picksAt = scalesAt + MAX_QUERIES * 4
  const scoresAt = picksAt + BLOCK_ROWS * 4
  const rowsAt = scoresAt + BLOCK_ROWS * 4
  const memory = new WebAssembly.Memory({ initial: Math.ceil(rowsAt / PAGE_BYTES) })
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } })
  const { scan: scanRows } = instance.exports
  if (!scanRows) throw new Error('scan.wasm is of another version')
  let queryCount = 0

  const reserve = (bytes: number): void => {
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)
    if (missing > 0) memory.grow(Math.max(missing, Math.ceil(memory.buffer.byteLength / PAGE_BYTES / 8)))
  }
  const assertDimensions = (vector: Int8Array): void => {
    if (vector.length !== dimensions)
      throw new RangeError(`a vector of ${vector.length} components among ${dimensions}`)
  }
  return {
    picks: () => new Uint32Array(memory.buffer, picksAt, BLOCK_ROWS),
    setRow(row, vector) {
      assertDimensions(vector)
      const at = rowsAt + row * dimensions
      reserve(at + dimensions)
      new Int8Array(memory.buffer, at, dimensions).set(vector)
    },
    row: row => new Int8Array(memory.buffer, rowsAt + row * dimensions, dimensions).slice(),
    setQueries(queries) {
      if (queries.length === 0 || queries.length > MAX_QUERIES) throw new RangeError(`${queries.length} query vectors`)
      const widened = new Int16Array(memory.buffer, queriesAt, MAX_QUERIES * dimensions)
      const scales = new Float32Array(memory.buffer, scalesAt, MAX_QUERIES)
      for (const [index, query] of queries.entries()) {
        assertDimensions(query)
        widened.set(query, index * dimensions)
        scales[index] = inverseLength(query)
      }
      queryCount = queries.length
    },
    scan(count) {
      scanRows(queriesAt, scalesAt, queryCount, rowsAt, picksAt, count, dimensions, scoresAt)
      return new Float32Array(memory.buffer, scoresAt, count)
    },
  }
}

/** 0 for the zero vector, so that it is similar to nothing. */
export function inverseLength(vector: Int8Array): number {
  let squares = 0
  for (let i = 0; i < vector.length; i++) squares += (vector[i] ?? 0) ** 2
  return squares === 0 ? 0 : 1 / Math.sqrt(squares)
}

/** The vectors must have the same length. */
export function cosineOf(a: Int8Array, b: Int8Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += (a[i] ?? 0) * (b[i] ?? 0)
  return product * inverseLength(a) * inverseLength(b)
}
