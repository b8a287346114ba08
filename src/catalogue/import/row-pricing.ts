/** What a row says about price, minimum order and unit, all of them by the piece as far as the row tells. */
import type { OfferSummary } from '../../offers/offer.ts'
import { divideHalfUp, formatMillionths, toCny, toMillionths } from '../../offers/price/decimal.ts'
import type { Price } from '../../offers/price/price.ts'
import { cleanText, FIELD_MAX_CHARS, quoted as inQuotes } from '../../offers/text.ts'
import { asText, type Cells } from './cell-text.ts'
import type { ImportField } from './columns.ts'
import type { FindRate, UsedRate } from './rates.ts'
import type { DecimalMark } from './values/habit.ts'
import { readMoqCell } from './values/moq-cell.ts'
import { type PackReading, packIn, splitPrice, unitsIn } from './values/pack-cell.ts'
import { currencyIn, namesCny, readPriceCell } from './values/price-cell.ts'

export interface PricingContext {
  mark: DecimalMark
  /** Of the price column's name. */
  currency: string | null
  /** Of the price column's name. */
  pack: PackReading | null
  findRate: FindRate
}

export type RowPricing = Pick<OfferSummary, 'price' | 'priceTiers' | 'quoted' | 'pack' | 'moq' | 'unit'> & {
  /** That the price was converted by. */
  rate: UsedRate | null
  /** What is unknown although the row says something. */
  notes: string[]
}

type TextOf = (field: ImportField) => string

export async function readPricing(cells: Cells, context: PricingContext): Promise<RowPricing> {
  const textOf: TextOf = field => asText(cells.get(field)?.value)
  const split = splitPrice(textOf('price'))
  const ofUnit = packIn(textOf('unit'))
  const pack = sizedBy(split.pack ?? ofUnit ?? context.pack, textOf('units_per'))
  const read = await readPrice(cells, split.price, textOf, context)
  const unit = cleanText(textOf('unit'), FIELD_MAX_CHARS)
  const minimum = readMoqCell(textOf('moq'), context.mark)
  const notes = [
    read.problem && `Price unknown: it ${read.problem}.`,
    minimum.problem && `Minimum order unknown: it ${minimum.problem}.`,
  ].filter(note => note !== null)
  const { problem: _, ...pricing } = read
  if (pack === null) return { ...pricing, moq: minimum.moq, unit, pack: null, notes }
  if (pack.units === null) {
    const note = `The price is for a ${pack.name} of unknown size, so it is kept for the ${pack.name}.`
    return {
      ...pricing,
      moq: minimum.moq,
      unit: unit ?? pack.name,
      pack: null,
      notes: ofUnit ? notes : [...notes, note],
    }
  }
  const known = { name: pack.name, units: pack.units }
  return byThePiece(pricing, known, { read: minimum, text: textOf('moq'), isInPacks: ofUnit !== null }, notes)
}

/** The column of pieces in a carton counts for a price that is for cartons, and for no other. */
function sizedBy(pack: PackReading | null, unitsPer: string): PackReading | null {
  return pack && pack.units === null ? { ...pack, units: unitsIn(unitsPer) } : pack
}

interface Minimum {
  read: { moq: number | null }
  text: string
  /** Whether a bare number counts packs, since the column of units says so. */
  isInPacks: boolean
}

type Pricing = Pick<RowPricing, 'price' | 'priceTiers' | 'quoted' | 'rate'>

function byThePiece(
  { price, priceTiers, quoted, rate }: Pricing,
  pack: { name: NonNullable<RowPricing['pack']>['name']; units: number },
  minimum: Minimum,
  notes: readonly string[],
): RowPricing {
  const whole = quoted?.text ?? price?.text
  const moq = piecesOf(minimum, pack.units)
  const isUnsure = minimum.read.moq !== null && moq === null
  const more = [
    ...(isUnsure ? [`Minimum order unknown: ${inQuotes(minimum.text)} may be pieces or ${pack.name}s.`] : []),
    ...(priceTiers ? ['The steps of the price were left out: they may count pieces or packs.'] : []),
  ]
  return {
    price: price && perPiece(price, pack.units),
    quoted: quoted ?? null,
    rate,
    moq,
    unit: '件',
    pack: whole === undefined ? null : { ...pack, price: whole },
    notes: [...notes, ...more],
  }
}

/** `null` if the cell does not tell whether it counts pieces or packs. */
function piecesOf({ read: { moq }, text, isInPacks }: Minimum, units: number): number | null {
  if (moq === null) return null
  // readMoqCell has already counted the pieces of these.
  if (/\d\s*(?:打|dozen|件|个|只|pcs?|pieces?)/i.test(text) || /\d\D+\d/.test(text)) return moq
  if (/\d\s*(?:箱|包|盒|袋|套|cartons?|ctns?|box|case|packs?|bags?|sets?)/i.test(text)) return moq * units
  return isInPacks || moq === 1 ? moq * units : null
}

function perPiece(price: Price, units: number): Price {
  return ofEnds([price.min, price.max].map(end => formatMillionths(divideHalfUp(toMillionths(end), BigInt(units)))))
}

async function readPrice(
  cells: Cells,
  text: string,
  textOf: TextOf,
  { mark, currency: ofColumn, findRate }: PricingContext,
): Promise<Pricing & { problem: string | null }> {
  const cell = cells.get('price')
  if (cell?.problem !== undefined) return { price: null, rate: null, problem: `could not be read: ${cell.problem}` }
  const { price, tiers, problem, currency: ofCell } = readPriceCell(text, mark)
  // The cell knows better than its format, and this than the column.
  const around =
    currencyIn(cell?.format ?? '') ?? currencyIn(textOf('currency')) ?? (namesCny(textOf('currency')) ? null : ofColumn)
  const currency = ofCell ?? (namesCny(text) ? null : around)
  const steps = tiers.length > 0 ? { priceTiers: tiers } : {}
  if (currency === null || price === null) return { price, ...steps, quoted: null, rate: null, problem }
  const rate = await findRate(currency)
  const quoted = { text: price.text, currency }
  if (rate === null) return { price: null, quoted, rate, problem }
  const converted = tiers.map(tier => ({ ...tier, price: inCny(tier.price, rate.cny) }))
  return {
    price: inCny(price, rate.cny),
    ...(tiers.length > 0 ? { priceTiers: converted } : {}),
    quoted,
    rate,
    problem,
  }
}

function inCny(price: Price, rate: number): Price {
  return ofEnds([price.min, price.max].map(end => formatMillionths(toCny(toMillionths(end), toMillionths(rate)))))
}

function ofEnds([min = '', max = min]: readonly string[]): Price {
  return { text: min === max ? min : `${min}-${max}`, min: Number(min), max: Number(max) }
}
