/** Counts offers, not rows: an offer that several sources know has a row for each of them. */
import { FITS, UNSEEN } from './offer-columns.ts'

export interface OfferCounts {
  known: number
  fitting: number
  compared: number
}

export interface OfferCounter {
  /** Rows are added in ascending order and may be overwritten. */
  setRow(row: number, offerId: string): void
  clear(): void
  /** For one query; `null` if each offer has one row, so that to count rows is to count offers. */
  start(): { readonly counts: OfferCounts; add(startRow: number, fits: Uint8Array): void } | null
}

/** What the rows of an offer have been so far. */
const KNOWN = 1
const FITTING = 2
const COMPARED = 4

/** By what {@link FitsOf} writes. */
const MARKS = Uint8Array.from({ length: FITS.length + UNSEEN }, (_, code) => {
  const fit = FITS[code % UNSEEN]
  return fit === 'misses' ? 0 : KNOWN | (fit === 'fits' ? FITTING : 0) | (code < UNSEEN ? COMPARED : 0)
})

const FIRST_CAPACITY = 1024

export function createOfferCounter(): OfferCounter {
  const offerNumbers = new Map<string, number>()
  let rows = 0
  let offerOfRow = new Uint32Array(FIRST_CAPACITY)

  return {
    setRow(row, offerId) {
      if (row >= offerOfRow.length) {
        const longer = new Uint32Array(2 * offerOfRow.length)
        longer.set(offerOfRow)
        offerOfRow = longer
      }
      rows = Math.max(rows, row + 1)
      const offer = offerNumbers.get(offerId) ?? offerNumbers.size
      offerNumbers.set(offerId, offer)
      offerOfRow[row] = offer
    },
    clear() {
      offerNumbers.clear()
      rows = 0
    },
    start() {
      if (offerNumbers.size === rows) return null
      const marksOf = new Uint8Array(offerNumbers.size)
      const counts = { known: 0, fitting: 0, compared: 0 }
      return {
        counts,
        add(startRow, fits) {
          for (let i = 0; i < fits.length; i++) {
            const offer = offerOfRow[startRow + i] ?? 0
            const before = marksOf[offer] ?? 0
            const after = before | (MARKS[fits[i] ?? 0] ?? 0)
            if (after === before) continue
            marksOf[offer] = after
            const added = after - before
            counts.known += added & KNOWN
            counts.fitting += (added & FITTING) / FITTING
            counts.compared += (added & COMPARED) / COMPARED
          }
        },
      }
    },
  }
}
