/** Ranks in memory: the vectors of one model, with the fields that filters need. */
import { boundFit, worst } from '../../offers/filters.ts'
import type { Fit } from '../../offers/place/place.ts'
import type { EventLoopYield } from '../../time/yield-to-event-loop.ts'
import { type Candidate, REFERENCE_ROWS, type Reference, type ReferenceQuery, referenceOf } from './reference.ts'
import { BLOCK_ROWS, createScanner, inverseLength } from './scanner.ts'
import { createTopK, type TopK } from './top-k.ts'

export interface OfferGroup {
  source: string
  city: string | null
  province: string | null
  sellerKind: string | null
  badges: readonly string[]
}

export interface IndexedOffer extends OfferGroup {
  /** The catalogue's row. */
  id: number
  offerId: string
  priceMin: number | null
  moq: number | null
}

export interface RankQuery {
  /** 1 to 32 vectors of the query picture; the best score counts. */
  vectors: readonly Int8Array[]
  /** Called once per group, not per offer. */
  admits: (group: OfferGroup) => Fit
  /** For the lowest price. */
  minPrice: number | undefined
  maxPrice: number | undefined
  maxMoq: number | undefined
  /** IDs of offers that are left out. */
  except?: readonly string[] | undefined
  limit: number
  reference?: ReferenceQuery | undefined
}

/** See NearestResult for the counts. */
export interface Ranking {
  /** Best first: of the offers that fit, then of those that lack a value that a filter needs. */
  best: Array<{ id: number; cosine: number }>
  compared: number
  known: number
  fitting: number
  reference: Reference | null
}

/** Also of offers that lack a value; `null` if nothing was compared. */
export function bestCosineOf(best: Ranking['best']): number | null {
  return best.length === 0 ? null : Math.max(...best.map(({ cosine }) => cosine))
}

/** Must not be changed while a ranking runs; the caller takes turns. */
export interface VectorIndex {
  /** Adds or overwrites an offer; a vector of another length counts as none. */
  put(offer: IndexedOffer, vector: Int8Array | null): void
  /** Removes all offers; their memory is reused. */
  clear(): void
  /** Ranks by cosine, ties by offer ID and source, and yields to the event loop in between. */
  rank(query: RankQuery, yieldToEventLoop: EventLoopYield): Promise<Ranking>
}

interface Row {
  id: number
  offerId: string
  group: number
  source: string
  priceMin: number | null
  moq: number | null
  /** `null` if the offer has no vector. */
  inverseLength: number | null
}

/**
 * @param wasm the bytes of scan.wasm.
 * @param dimensions components of every vector, a multiple of 16.
 */
export async function createVectorIndex(wasm: Uint8Array, dimensions: number): Promise<VectorIndex> {
  const scanner = await createScanner(wasm, dimensions)
  const rows: Row[] = []
  const rowOfId = new Map<number, number>()
  const groups = createGroups()

  /** Whether the offers in the scanner's picks fit. */
  const pickFits = new Uint8Array(BLOCK_ROWS)

  /**
   * Counts the rows that pass the filters (`known`) and those of them with a vector (`compared`), which it scores into
   * `take`.
   */
  const rankBlock = (
    start: number,
    fitOf: (row: Row) => Fit,
    take: (score: number, row: Row, fits: boolean) => void,
  ) => {
    const picks = scanner.picks()
    const end = Math.min(start + BLOCK_ROWS, rows.length)
    let known = 0
    let fitting = 0
    let compared = 0
    for (let number = start; number < end; number++) {
      const row = rows[number]
      const fit = row ? fitOf(row) : 'misses'
      if (!row || fit === 'misses') continue
      known++
      if (fit === 'fits') fitting++
      if (row.inverseLength === null) continue
      pickFits[compared] = Number(fit === 'fits')
      picks[compared++] = number
    }
    const scores = scanner.scan(compared)
    for (let i = 0; i < compared; i++) {
      const row = rows[picks[i] ?? 0]
      if (row) take(asCosine((scores[i] ?? 0) * (row.inverseLength ?? 0)), row, pickFits[i] === 1)
    }
    return { known, fitting, compared }
  }

  /** The cosine of each with the first. */
  const cosinesToFirst = (candidates: readonly Candidate[]): number[] => {
    const numbers = candidates.map(({ id }) => rowOfId.get(id) ?? 0)
    const [first] = numbers
    if (first === undefined) return []
    scanner.setQueries([scanner.row(first)])
    const cosines: number[] = []
    for (let start = 0; start < numbers.length; start += BLOCK_ROWS) {
      const block = numbers.slice(start, start + BLOCK_ROWS)
      scanner.picks().set(block)
      const scores = scanner.scan(block.length)
      for (const [i, number] of block.entries()) cosines.push((scores[i] ?? 0) * (rows[number]?.inverseLength ?? 0))
    }
    return cosines
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
    async rank({ vectors, admits, minPrice, maxPrice, maxMoq, except, limit, reference }, yieldToEventLoop) {
      scanner.setQueries(vectors)
      const admitted = groups.all().map(admits)
      const fitOf = ({ offerId, group, priceMin, moq }: Row): Fit => {
        if (except?.includes(offerId)) return 'misses'
        const bounds = worst(boundFit(priceMin, minPrice, maxPrice), boundFit(moq, undefined, maxMoq))
        return worst(admitted[group] ?? 'misses', bounds)
      }
      const depth = Math.max(limit, reference ? REFERENCE_ROWS + reference.found.size : 0)
      const best = { fits: createTopK<Row>(depth, byOfferId), unknown: createTopK<Row>(depth, byOfferId) }
      const take = (score: number, row: Row, fits: boolean) => (fits ? best.fits : best.unknown).offer(score, row)
      const counts = { compared: 0, known: 0, fitting: 0 }
      for (let start = 0; start < rows.length; start += BLOCK_ROWS) {
        const block = rankBlock(start, fitOf, take)
        counts.compared += block.compared
        counts.known += block.known
        counts.fitting += block.fitting
        await yieldToEventLoop()
      }
      const [fitting, unknown] = [asCandidates(best.fits), asCandidates(best.unknown)]
      const nearest = [...fitting, ...unknown].sort((a, b) => b.cosine - a.cosine).slice(0, depth)
      return {
        best: [...fitting.slice(0, limit), ...unknown.slice(0, limit)].map(({ id, cosine }) => ({ id, cosine })),
        ...counts,
        reference: reference ? referenceOf(nearest, cosinesToFirst(nearest), reference, counts.compared) : null,
      }
    },
  }
}

function asCandidates(best: TopK<Row>): Candidate[] {
  return best.sorted().map(({ score, item }) => {
    return { id: item.id, offerId: item.offerId, source: item.source, cosine: score }
  })
}

/**
 * Rounded to the precision of 32-bit arithmetic, so that equal scores are ties and the same picture is 1, not
 * 1.00000002.
 */
function asCosine(product: number): number {
  return Math.round(product * 1e6) / 1e6
}

/** IDs are digits without leading zeros, so a shorter one is smaller. */
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
    numberOf({ source, city, province, sellerKind, badges }: OfferGroup): number {
      const key = `${source}\n${province}\n${city}\n${sellerKind}\n${badges.join()}`
      const number = numbers.get(key) ?? groups.length
      if (number === groups.length) {
        numbers.set(key, number)
        groups.push({ source, city, province, sellerKind, badges })
      }
      return number
    },
  }
}
