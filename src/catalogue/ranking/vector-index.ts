/** Ranks in memory: the vectors of one model beside what a filter asks of each offer. */
import type { EventLoopYield } from '../../time/yield-to-event-loop.ts'
import { BLOCK_ROWS, createScanner, inverseLength } from './scanner.ts'
import { createTopK } from './top-k.ts'

export interface OfferGroup {
  source: string
  city: string | null
  province: string | null
}

/** What the index knows of an offer. */
export interface IndexedOffer extends OfferGroup {
  /** The catalogue's row. */
  id: number
  offerId: string
  priceMin: number | null
  moq: number | null
}

/** What to rank and how much of it to give back. */
export interface RankQuery {
  /** 1 to 32 vectors of the query picture; the best counts. */
  vectors: readonly Int8Array[]
  /** Judges a group; called once for each group, not for each offer. */
  admits: (group: OfferGroup) => boolean
  /** Lowest price at most this; an unknown price fails. */
  maxPrice: number | undefined
  /** MOQ at most this; an unknown MOQ fails. */
  maxMoq: number | undefined
  /** How many of the best to give. */
  limit: number
}

/** The best offers, best first; see NearestResult for the counts. */
export interface Ranking {
  best: Array<{ id: number; cosine: number }>
  compared: number
  known: number
}

/** Offers with their vectors. Not to be changed while a ranking runs: its owner takes turns. */
export interface VectorIndex {
  /** Adds an offer or overwrites it; a vector of another length counts as none. */
  put(offer: IndexedOffer, vector: Int8Array | null): void
  /** Forgets all offers; their memory is used again. */
  clear(): void
  /** Ranks by cosine, equals by offer id and source, giving way to the event loop in between. */
  rank(query: RankQuery, yieldToEventLoop: EventLoopYield): Promise<Ranking>
}

interface Row {
  id: number
  offerId: string
  group: number
  source: string
  priceMin: number | null
  moq: number | null
  /** One over the vector's length; `null` where the offer has no vector. */
  inverseLength: number | null
}

/**
 * Makes an empty index.
 * @param wasm the bytes of scan.wasm.
 * @param dimensions components of every vector, a multiple of 16.
 */
export async function createVectorIndex(wasm: Uint8Array, dimensions: number): Promise<VectorIndex> {
  const scanner = await createScanner(wasm, dimensions)
  const rows: Row[] = []
  const rowOfId = new Map<number, number>()
  const groups = createGroups()

  /** Scores a block of rows into `take`; resolves to how many rows passed the filters and how many of them have a vector. */
  const rankBlock = (start: number, passes: (row: Row) => boolean, take: (score: number, row: Row) => void) => {
    const picks = scanner.picks()
    const end = Math.min(start + BLOCK_ROWS, rows.length)
    let known = 0
    let compared = 0
    for (let number = start; number < end; number++) {
      const row = rows[number]
      if (!row || !passes(row)) continue
      known++
      if (row.inverseLength !== null) picks[compared++] = number
    }
    const scores = scanner.scan(compared)
    for (let i = 0; i < compared; i++) {
      const row = rows[picks[i] ?? 0]
      if (row) take(asCosine((scores[i] ?? 0) * (row.inverseLength ?? 0)), row)
    }
    return { known, compared }
  }

  return {
    put(offer, vector) {
      const number = rowOfId.get(offer.id) ?? rows.length
      const fits = vector?.length === dimensions
      rowOfId.set(offer.id, number)
      rows[number] = {
        id: offer.id,
        offerId: offer.offerId,
        group: groups.numberOf(offer),
        source: offer.source,
        priceMin: offer.priceMin,
        moq: offer.moq,
        inverseLength: fits ? inverseLength(vector) : null,
      }
      if (fits) scanner.setRow(number, vector)
    },
    clear() {
      rows.length = 0
      rowOfId.clear()
    },
    async rank({ vectors, admits, maxPrice, maxMoq, limit }, yieldToEventLoop) {
      scanner.setQueries(vectors)
      const admitted = groups.all().map(admits)
      const passes = (row: Row): boolean =>
        admitted[row.group] === true && isAtMost(row.priceMin, maxPrice) && isAtMost(row.moq, maxMoq)
      const best = createTopK<Row>(limit, byOfferId)
      let compared = 0
      let known = 0
      for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
        const block = rankBlock(start, passes, best.offer)
        compared += block.compared
        known += block.known
        await yieldToEventLoop()
      }
      return { best: best.sorted().map(({ score, item }) => ({ id: item.id, cosine: score })), compared, known }
    },
  }
}

/** Rounded to what 32-bit arithmetic can tell apart, so that equal likeness is a tie and the same picture is 1, not 1.00000002. */
function asCosine(product: number): number {
  return Math.round(product * 1e6) / 1e6
}

function isAtMost(value: number | null, limit: number | undefined): boolean {
  return limit === undefined || (value !== null && value <= limit)
}

/** Ids are digits without leading zeros: the shorter is the smaller. */
function byOfferId(a: Row, b: Row): number {
  if (a.offerId.length !== b.offerId.length) return a.offerId.length - b.offerId.length
  if (a.offerId !== b.offerId) return a.offerId < b.offerId ? -1 : 1
  return a.source < b.source ? -1 : 1
}

/** Numbers the distinct groups, so that a row holds a number and a filter judges each group once. */
function createGroups() {
  const groups: OfferGroup[] = []
  const numbers = new Map<string, number>()
  return {
    all: (): readonly OfferGroup[] => groups,
    numberOf({ source, city, province }: OfferGroup): number {
      const key = `${source}\n${province}\n${city}`
      const number = numbers.get(key) ?? groups.length
      if (number === groups.length) {
        numbers.set(key, number)
        groups.push({ source, city, province })
      }
      return number
    },
  }
}
