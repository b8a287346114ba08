/** Ranks in memory: the vectors of one model, with the fields that filters need. */
import type { Fit } from '../../offers/place/place.ts'
import type { EventLoopYield } from '../../time/yield-to-event-loop.ts'
import { createFurtherViews } from './further-views.ts'
import { type Bounds, createOfferColumns, type FitsOf } from './offer-columns.ts'
import { createOfferCounter, type OfferCounter, type OfferCounts } from './offer-counter.ts'
import { type Candidate, REFERENCE_ROWS, type Reference, type ReferenceQuery, referenceOf } from './reference.ts'
import { BLOCK_ROWS, cosineOf, createScanner, inverseLength } from './scanner.ts'
import { divide, FIT, lowest, MISSES, NOTHING_YET, ROUNDING } from './screening.ts'
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

export interface RankQuery extends Bounds {
  /** 1 to 32 vectors of the query picture; the best score counts. */
  vectors: readonly Int8Array[]
  /** Called once per group, not per offer. */
  admits: (group: OfferGroup) => Fit
  /** IDs of offers that are left out. */
  except?: readonly string[] | undefined
  limit: number
  reference?: ReferenceQuery | undefined
}

/** See NearestResult for the counts. */
export interface Ranking extends OfferCounts {
  /** Best first: of the offers that fit, then of those that lack a value that a filter needs. */
  best: Array<{ id: number; cosine: number }>
  reference: Reference | null
}

/** Also of offers that lack a value; `null` if nothing was compared. */
export function bestCosineOf(best: Ranking['best']): number | null {
  return best.length === 0 ? null : Math.max(...best.map(({ cosine }) => cosine))
}

/** Must not be changed while a ranking runs; the caller takes turns. */
export interface VectorIndex {
  /**
   * Adds or overwrites an offer with the vectors of its pictures, of which the best counts; a vector of another length
   * counts as none.
   */
  put(offer: IndexedOffer, vectors: readonly Int8Array[]): void
  /** Removes all offers; their memory is reused. */
  clear(): void
  /** Ranks by cosine, ties by offer ID and source, and yields to the event loop in between. */
  rank(query: RankQuery, yieldToEventLoop: EventLoopYield): Promise<Ranking>
}

type Named = Pick<IndexedOffer, 'id' | 'offerId' | 'source'>

/** Offers that fit the filters, and those that lack a value. */
interface Best {
  readonly fits: TopK<number>
  readonly unknown: TopK<number>
}

/** What the blocks of one scan share. */
interface Scan {
  readonly fitsOf: FitsOf
  readonly furtherBest: Float64Array | null
  readonly best: Best
  readonly shared: ReturnType<OfferCounter['start']>
}

/**
 * @param wasm the bytes of scan.wasm.
 * @param dimensions components of every vector, a multiple of 16.
 */
export async function createVectorIndex(wasm: Uint8Array, dimensions: number): Promise<VectorIndex> {
  const scanner = await createScanner(wasm, dimensions)
  const further = await createFurtherViews(wasm, dimensions)
  const columns = createOfferColumns()
  const counter = createOfferCounter()
  const names: Named[] = []
  const numberOfId = new Map<number, number>()
  const groups = createGroups()

  /** Offers of a block that are scored without screening. */
  const unscreened = new Uint32Array(BLOCK_ROWS)

  /** Counts the rows that pass the filters (`known`) and those of them with a vector (`compared`), which it ranks. */
  const rankBlock = (start: number, { fitsOf, furtherBest, best, shared }: Scan, screens: boolean) => {
    const fits = new Uint8Array(Math.min(BLOCK_ROWS, names.length - start))
    fitsOf(start, fits)
    shared?.add(start, fits)
    const picks = scanner.picks()
    const [leastFits, leastUnknown] = [best.fits.least(), best.unknown.least()]
    const asked = screens ? [NOTHING_YET, leastUnknown - ROUNDING, leastFits - ROUNDING] : []
    const { known, fitting, screened, others } = divide(fits, start, asked, furtherBest, picks, unscreened)
    const kept = screened === 0 ? 0 : scanner.screen(screened, lowest(leastFits, leastUnknown))
    picks.set(unscreened.subarray(0, others), kept)
    const scores = scanner.scan(kept + others)
    for (let i = 0; i < kept + others; i++) {
      const number = picks[i] ?? 0
      let product = (scores[i] ?? 0) * columns.inverseLength(number)
      if (furtherBest) product = Math.max(product, furtherBest[number] ?? -1)
      const ofFit = fits[number - start] === FIT ? best.fits : best.unknown
      // Hardly any passes, and rounding each would take as long as the scan itself.
      if (product > ofFit.least() - ROUNDING) ofFit.offer(asCosine(product), number)
    }
    return { known, fitting, compared: screened + others, pays: kept <= screened / 2 }
  }

  /** Like `fitsOf`, without some offers. */
  const exceptFor = (except: readonly string[], fitsOf: FitsOf): FitsOf => {
    if (except.length === 0) return fitsOf
    return (start, fits) => {
      fitsOf(start, fits)
      for (let i = 0; i < fits.length; i++) if (except.includes(names[start + i]?.offerId ?? '')) fits[i] = MISSES
    }
  }

  const viewsOf = (number: number): Int8Array[] => [scanner.row(number), ...further.of(number)]

  /** The cosine of each with the first, of their most similar views. */
  const cosinesToFirst = (candidates: readonly Candidate[]): number[] => {
    const numbers = candidates.map(({ id }) => numberOfId.get(id) ?? 0)
    const [first] = numbers
    if (first === undefined) return []
    const firstViews = viewsOf(first)
    scanner.setQueries(firstViews)
    const cosines: number[] = []
    for (let start = 0; start < numbers.length; start += BLOCK_ROWS) {
      const block = numbers.slice(start, start + BLOCK_ROWS)
      scanner.picks().set(block)
      const scores = scanner.scan(block.length)
      for (const [i, number] of block.entries()) {
        const others = further.of(number).flatMap(view => firstViews.map(firstView => cosineOf(view, firstView)))
        cosines.push(Math.max((scores[i] ?? 0) * columns.inverseLength(number), ...others))
      }
    }
    return cosines
  }

  const byOfferId = (a: number, b: number) => compareNames(names[a], names[b])

  const asCandidates = (best: TopK<number>): Candidate[] =>
    best.sorted().flatMap(({ score, item }) => {
      const name = names[item]
      return name ? [{ ...name, cosine: score }] : []
    })

  return {
    put({ id, offerId, source, ...offer }, vectors) {
      const number = numberOfId.get(id) ?? names.length
      const [first, ...others] = vectors.filter(vector => vector.length === dimensions)
      numberOfId.set(id, number)
      names[number] = { id, offerId, source }
      const { priceMin, moq } = offer
      const group = groups.numberOf({ source, ...offer })
      columns.set(number, { group, priceMin, moq, inverseLength: first ? inverseLength(first) : null })
      if (first) scanner.setRow(number, first)
      counter.setRow(number, offerId)
      further.put(number, others)
    },
    clear() {
      names.length = 0
      numberOfId.clear()
      counter.clear()
      further.clear()
    },
    async rank({ vectors, admits, except = [], limit, reference, ...bounds }, yieldToEventLoop) {
      const furtherBest = await further.best(vectors, names.length, yieldToEventLoop)
      scanner.setQueries(vectors)
      const fitsOf = exceptFor(except, columns.judge(groups.all().map(admits), bounds))
      const depth = Math.max(limit, reference ? REFERENCE_ROWS + reference.found.size : 0)
      const best: Best = { fits: createTopK(depth, byOfferId), unknown: createTopK(depth, byOfferId) }
      const shared = counter.start()
      const scan: Scan = { fitsOf, furtherBest, best, shared }
      const rows = { compared: 0, known: 0, fitting: 0 }
      // Where the first components say little about the others, screening costs more than it saves: every other block tries.
      let screens = true
      for (let start = 0; start < names.length; start += BLOCK_ROWS) {
        const block = rankBlock(start, scan, screens)
        screens = block.pays
        rows.compared += block.compared
        rows.known += block.known
        rows.fitting += block.fitting
        await yieldToEventLoop()
      }
      const counts = shared?.counts ?? rows
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

/**
 * Rounded to the precision of 32-bit arithmetic, so that equal scores are ties and the same picture is 1, not
 * 1.00000002.
 */
function asCosine(product: number): number {
  return Math.round(product * 1e6) / 1e6
}

/** IDs are digits without leading zeros, so a shorter one is smaller. */
function compareNames(a: Named | undefined, b: Named | undefined): number {
  if (!a || !b) return 0
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
