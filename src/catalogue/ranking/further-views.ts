/** The vectors of offers beyond their first: of own photos. Most offers have none. */
import type { EventLoopYield } from '../../time/yield-to-event-loop.ts'
import { BLOCK_ROWS, createScanner, inverseLength } from './scanner.ts'

export interface FurtherViews {
  /** Replaces those of the offer with this number. */
  put(number: number, vectors: readonly Int8Array[]): void
  clear(): void
  of(number: number): Int8Array[]
  /** @returns the best cosine by offer number, -1 for an offer without further views; `null` if there are none at all. */
  best(queries: readonly Int8Array[], offers: number, yieldToEventLoop: EventLoopYield): Promise<Float64Array | null>
}

const FREE = -1

/** @param wasm the bytes of scan.wasm. @param dimensions a multiple of 16. */
export async function createFurtherViews(wasm: Uint8Array, dimensions: number): Promise<FurtherViews> {
  const scanner = await createScanner(wasm, dimensions)
  /** By row: the offer's number, and one over the vector's length. */
  const rows: { owner: number; inverseLength: number }[] = []
  const rowsOf = new Map<number, number[]>()
  const free: number[] = []

  return {
    put(number, vectors) {
      for (const row of rowsOf.get(number) ?? []) {
        rows[row] = { owner: FREE, inverseLength: 0 }
        free.push(row)
      }
      rowsOf.delete(number)
      if (vectors.length === 0) return
      const taken = vectors.map(vector => {
        const row = free.pop() ?? rows.length
        rows[row] = { owner: number, inverseLength: inverseLength(vector) }
        scanner.setRow(row, vector)
        return row
      })
      rowsOf.set(number, taken)
    },
    clear() {
      rows.length = 0
      free.length = 0
      rowsOf.clear()
    },
    of: number => (rowsOf.get(number) ?? []).map(scanner.row),
    async best(queries, offers, yieldToEventLoop) {
      if (rowsOf.size === 0) return null
      scanner.setQueries(queries)
      const best = new Float64Array(offers).fill(-1)
      for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
        const count = Math.min(BLOCK_ROWS, rows.length - start)
        const picks = scanner.picks()
        for (let i = 0; i < count; i++) picks[i] = start + i
        const scores = scanner.scan(count)
        for (let i = 0; i < count; i++) {
          const row = rows[start + i]
          if (!row || row.owner === FREE) continue
          best[row.owner] = Math.max(best[row.owner] ?? -1, (scores[i] ?? 0) * row.inverseLength)
        }
        await yieldToEventLoop()
      }
      return best
    },
  }
}
