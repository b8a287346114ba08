/** What a row says about price, minimum order and unit, all of them by the piece as far as the row tells. */
import type { OfferSummary } from '../../../offers/offer.ts'
import { divideHalfUp, formatMillionths, toMillionths } from '../../../offers/price/decimal.ts'
import type { Price } from '../../../offers/price/price.ts'
import { cleanText, FIELD_MAX_CHARS, quoted } from '../../../offers/text.ts'
import type { UsedRate } from '../rates.ts'
import { isPack, packName, unitOfText, unitsIn } from '../values/pack-cell.ts'
import type { Unit } from '../values/unit-words.ts'
import { asText, type Cells } from './cell-text.ts'
import { type MinimumContext, minimumOf } from './minimum.ts'
import { ofEnds, type PriceContext, type Pricing, readPrice, type StepCell } from './price.ts'

export interface TermsContext extends MinimumContext, PriceContext {
  /** Of the price column's name. */
  unit: Unit | null
}

export type RowTerms = Pick<OfferSummary, 'price' | 'priceTiers' | 'quoted' | 'pack' | 'moq' | 'unit'> & {
  /** That the price was converted by. */
  rate: UsedRate | null
  /** What is unknown although the row says something. */
  notes: string[]
}

export async function readTerms(cells: Cells, steps: readonly StepCell[], context: TermsContext): Promise<RowTerms> {
  const ofColumn = asText(cells.get('unit')?.value)
  const { problem, lacksSteps, unit: ofCell, ...pricing } = await readPrice(cells, steps, context)
  const ofRow = unitOfText(ofColumn)
  const named = ofCell ?? ofRow ?? context.unit
  const priced = named && sizedBy(named, asText(cells.get('units_per')?.value))
  const minimum = minimumOf(cells, context, { unit: priced, isOfRow: ofCell === null && ofRow !== null })
  const discount = asText(cells.get('discount')?.value)
  const notes = [
    problem && `Price unknown: it ${problem}.`,
    lacksSteps ? `The steps of the price need a rate for ${pricing.quoted?.currency}; only their span is kept.` : null,
    /[1-9]/.test(discount) ? `The row names a discount, which its price may lack: ${quoted(discount)}.` : null,
    minimum.problem,
  ].filter(note => note !== null)
  const unit = cleanText(ofColumn, FIELD_MAX_CHARS)
  if (priced === null || !isPack(priced)) {
    return {
      ...pricing,
      moq: minimum.moq,
      unit: unit ?? ofCell?.word ?? wordOf(priced) ?? minimum.word,
      pack: null,
      notes,
    }
  }
  if (priced.size === null) {
    const note = `The price is for a ${priced.kind} of unknown size, so it is kept for the ${priced.kind}.`
    const more = unit === null ? [note] : []
    return { ...pricing, moq: minimum.moq, unit: unit ?? priced.kind, pack: null, notes: [...notes, ...more] }
  }
  return byThePiece(pricing, { name: packName(priced), units: priced.size }, minimum.moq, notes)
}

/** A piece is what goes without saying. */
function wordOf(unit: Unit | null): string | null {
  return unit === null || unit.kind === 'piece' ? null : unit.word
}

/** The column of pieces in a carton counts for a price that is for cartons, and for no other. */
function sizedBy(unit: Unit, unitsPer: string): Unit {
  return unit.size === null && unit.kind !== 'measure' ? { ...unit, size: unitsIn(unitsPer) } : unit
}

function byThePiece(
  { price, priceTiers, quoted: asQuoted, rate }: Pricing,
  pack: { name: NonNullable<RowTerms['pack']>['name']; units: number },
  moq: number | null,
  notes: readonly string[],
): RowTerms {
  const whole = asQuoted?.text ?? price?.text
  const more = priceTiers ? ['The steps of the price were left out: they may count pieces or packs.'] : []
  return {
    price: price && perPiece(price, pack.units),
    quoted: asQuoted ?? null,
    rate,
    moq,
    unit: '件',
    pack: whole === undefined ? null : { ...pack, price: whole },
    notes: [...notes, ...more],
  }
}

function perPiece(price: Price, units: number): Price {
  return ofEnds([price.min, price.max].map(end => formatMillionths(divideHalfUp(toMillionths(end), BigInt(units)))))
}
