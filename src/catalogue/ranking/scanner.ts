/** The WebAssembly memory that holds the vectors, and calls to the scan kernels (assembly/scan.ts, which has the layout). */

/** Rows per call of a kernel: about 1 ms with six query vectors of 512 components. The kernels know it as well. */
export const BLOCK_ROWS = 4096

/**
 * Components by which rows are screened before the others are read: those of the built-in model are in the order of
 * their weight, and a third of the length lies beyond these. With fewer, too many rows pass.
 */
const HEAD_COMPONENTS = 192

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
   * Keeps those of the first `count` picks whose cosine with a query may be `least` or more, with a margin for rounding.
   * @returns how many are kept: the first picks, in their order.
   */
  screen(count: number, least: number): number
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
  const head = Math.min(HEAD_COMPONENTS, dimensions)
  const queriesAt = 0
  const scalesAt = queriesAt + MAX_QUERIES * dimensions * 2
  const tailsAt = scalesAt + MAX_QUERIES * 4
  const picksAt = tailsAt + MAX_QUERIES * 4
  const scoresAt = picksAt + BLOCK_ROWS * 4
  const rowsAt = scoresAt + BLOCK_ROWS * 4
  const memory = new WebAssembly.Memory({ initial: Math.ceil(rowsAt / PAGE_BYTES) })
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } })
  const { scan: scanRows, screen: screenRows } = instance.exports
  if (!scanRows || !screenRows) throw new Error('scan.wasm is of another version')
  /** Whether any row has a component other than zero here: a query that leaves the others aside loses nothing by it. */
  const isUsed = new Uint8Array(dimensions)
  let queryCount = 0

  const reserve = (bytes: number): void => {
    const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE_BYTES)
    if (missing > 0) memory.grow(Math.max(missing, Math.ceil(memory.buffer.byteLength / PAGE_BYTES / 8)))
  }
  const assertDimensions = (vector: Int8Array): void => {
    if (vector.length !== dimensions)
      throw new RangeError(`a vector of ${vector.length} components among ${dimensions}`)
  }
  /** Where the parts of a row lie. */
  const placeOf = (row: number) => {
    const blockAt = rowsAt + Math.floor(row / BLOCK_ROWS) * BLOCK_ROWS * (dimensions + 8)
    const at = row % BLOCK_ROWS
    const inverseAt = blockAt + BLOCK_ROWS * dimensions + 4 * at
    return {
      headAt: blockAt + at * head,
      tailAt: blockAt + BLOCK_ROWS * head + at * (dimensions - head),
      inverseAt,
      tailShareAt: inverseAt + 4 * BLOCK_ROWS,
    }
  }
  return {
    picks: () => new Uint32Array(memory.buffer, picksAt, BLOCK_ROWS),
    setRow(row, vector) {
      assertDimensions(vector)
      const { headAt, tailAt, inverseAt, tailShareAt } = placeOf(row)
      reserve(tailShareAt + 4)
      const bytes = new Int8Array(memory.buffer)
      bytes.set(vector.subarray(0, head), headAt)
      bytes.set(vector.subarray(head), tailAt)
      const lengths = new DataView(memory.buffer)
      lengths.setFloat32(inverseAt, inverseLength(vector), true)
      lengths.setFloat32(tailShareAt, tailLength(vector, head) * inverseLength(vector), true)
      for (let i = head; i < dimensions; i++) if (vector[i] !== 0) isUsed[i] = 1
    },
    row(row) {
      const { headAt, tailAt } = placeOf(row)
      const vector = new Int8Array(dimensions)
      vector.set(new Int8Array(memory.buffer, headAt, head))
      vector.set(new Int8Array(memory.buffer, tailAt, dimensions - head), head)
      return vector
    },
    setQueries(queries) {
      if (queries.length === 0 || queries.length > MAX_QUERIES) throw new RangeError(`${queries.length} query vectors`)
      const widened = new Int16Array(memory.buffer, queriesAt, MAX_QUERIES * dimensions)
      const scales = new Float32Array(memory.buffer, scalesAt, MAX_QUERIES)
      const tails = new Float32Array(memory.buffer, tailsAt, MAX_QUERIES)
      for (const [index, query] of queries.entries()) {
        assertDimensions(query)
        widened.set(query, index * dimensions)
        scales[index] = inverseLength(query)
        const usedPart = query.map((value, i) => (isUsed[i] === 1 ? value : 0))
        tails[index] = tailLength(usedPart, head) * inverseLength(query)
      }
      queryCount = queries.length
    },
    screen(count, least) {
      const bar = least - ROUNDING
      return screenRows(queriesAt, scalesAt, tailsAt, queryCount, rowsAt, picksAt, count, dimensions, head, bar)
    },
    scan(count) {
      scanRows(queriesAt, scalesAt, queryCount, rowsAt, picksAt, count, dimensions, head, scoresAt)
      return new Float32Array(memory.buffer, scoresAt, count)
    },
  }
}

/** More than what sums of 32-bit floats are wrong by. */
const ROUNDING = 1e-5

/** The length of what follows the head. */
function tailLength(vector: Int8Array, head: number): number {
  const inverse = inverseLength(vector.subarray(head))
  return inverse === 0 ? 0 : 1 / inverse
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
