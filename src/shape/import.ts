/** How a sheet is read, and what became of it. Its texts are its author's: data, cleaned and cut. */

import * as z from 'zod'
import type { OfferSummary } from '../offers/offer.ts'
import { pictureName } from '../offers/picture-name.ts'
import { quotedText } from '../offers/price/pack.ts'
import type { ImportResult, RowProblem } from '../offers/results/import-result.ts'
import { cleanText, FIELD_MAX_CHARS } from '../offers/text.ts'
import { cell, counted, omitUnknown, placeText, shorten } from './text/values.ts'

const MAX_COLUMNS = 40
const MAX_PROBLEMS = 10

const problemSchema = z.object({ line: z.int(), reason: z.string() })

export const importSchema = z.object({
  imported: z.boolean(),
  offers: z.int(),
  left_out: z.int(),
  columns: z.array(z.object({ column: z.string(), read_as: z.string().optional(), currency: z.string().optional() })),
  rows: z.array(
    z.object({
      line: z.int(),
      offer_id: z.string(),
      title: z.string(),
      price: z.string().optional(),
      quoted: z.string().optional(),
      moq: z.number().optional(),
      unit: z.string().optional(),
      shop_name: z.string().optional(),
      place: z.string().optional(),
      picture: z.string().optional(),
    }),
  ),
  /** The first of each. */
  left_out_rows: z.array(problemSchema),
  noted_rows: z.array(problemSchema),
  noted: z.int(),
  /** Prices that no rate turns into CNY, by currency. */
  unconverted: z.array(z.object({ currency: z.string(), prices: z.int() })),
  converted: z.array(z.object({ currency: z.string(), prices: z.int(), rate: z.number(), from: z.string() })),
  added: z.int().optional(),
  changed: z.int().optional(),
  unchanged: z.int().optional(),
  /** Offers of the catalogue that the file lacks: they stay, unless they are pruned. */
  missing: z.int().optional(),
  pruned: z.int().optional(),
  own_offers: z.int().optional(),
  own_compared: z.int().optional(),
  confirm: z.string().optional(),
  next: z.string(),
})

/** Of a sheet that pictures can be sent with. */
export const sentImportSchema = importSchema.extend({
  /** Pictures that were sent and that no row has, and the names of the first. */
  unused_pictures: z.int(),
  unused_picture_names: z.array(z.string()),
})

export type ImportValue = z.output<typeof importSchema>

export function shapeImport(result: ImportResult): ImportValue {
  const { isImported, reading, columns, offers, samples, rejected, notes, unconverted, converted, changes, own } =
    result
  return {
    imported: isImported,
    offers,
    left_out: rejected.length,
    columns: columns
      .filter(({ column }) => column.trim() !== '')
      .slice(0, MAX_COLUMNS)
      .map(({ column, field, currency }) => ({
        column: cleanText(column, FIELD_MAX_CHARS) ?? '',
        ...omitUnknown({ read_as: field, currency }),
      })),
    rows: samples.map(({ line, offer }) => ({ line, ...shapeRow(offer) })),
    left_out_rows: firstOf(rejected),
    noted_rows: firstOf(notes),
    noted: notes.length,
    converted: converted.map(({ currency, prices, cny, from, date }) => ({
      currency,
      prices,
      rate: cny,
      from: date === null ? from : `${from}, ${date}`,
    })),
    ...omitUnknown({ added: changes?.added, changed: changes?.changed, unchanged: changes?.unchanged }),
    ...omitUnknown({ missing: changes?.missing, pruned: changes?.pruned }),
    unconverted: Object.entries(unconverted).map(([currency, prices]) => ({ currency, prices })),
    ...omitUnknown({ own_offers: own?.offers, own_compared: own?.compared, confirm: isImported ? null : reading }),
    next: nextOf(result),
  }
}

export function shapeSentImport(result: ImportResult): z.output<typeof sentImportSchema> {
  const { unusedPictures: unused } = result
  const names = unused.slice(0, MAX_PROBLEMS).map(name => shorten(pictureName(name), FIELD_MAX_CHARS))
  return { ...shapeImport(result), unused_pictures: unused.length, unused_picture_names: names }
}

function shapeRow(offer: OfferSummary) {
  const { offerId, title, price, moq, unit, shopName, imageUrl } = offer
  return {
    offer_id: offerId,
    title,
    ...omitUnknown({
      price: price?.text,
      quoted: quotedText(offer),
      moq,
      unit,
      shop_name: shopName,
      place: placeText(offer) || null,
      picture: imageUrl === null ? null : shorten(pictureName(imageUrl), FIELD_MAX_CHARS),
    }),
  }
}

function firstOf(problems: readonly RowProblem[]): RowProblem[] {
  return problems.slice(0, MAX_PROBLEMS).map(({ line, reason }) => ({ line, reason }))
}

function nextOf({ isImported, offers, own, reading, changes, rejected }: ImportResult): string {
  if (offers === 0) return 'No row can be imported: correct the sheet, or name the columns with map.'
  if (!isImported && reading === null) return 'Nothing is stored: send the same without dry_run to import.'
  if (!isImported) {
    return 'Nothing is stored yet. Show the person the columns and rows; if they agree, call again with the same arguments and confirm. If a column is read wrongly, name it with map.'
  }
  if (changes?.pruned === 0 && changes.missing > 0 && rejected.length > 0)
    return 'No offer was removed, since rows were left out: correct them, then send the sheet again.'
  if (own !== null && own.compared >= own.offers) return 'search_by_image and search_by_keyword now find these offers.'
  return own?.isReading
    ? 'search_by_keyword finds these offers now, and search_by_image as soon as their pictures are ready; searching prepares them.'
    : 'search_by_keyword finds these offers, and search_by_image those whose pictures could be read. Correct the others and import the sheet again.'
}

export function importText(value: ImportValue): string {
  const { imported, offers, left_out: leftOut, columns, rows, own_offers: own, own_compared: compared } = value
  const unused = columns.filter(({ read_as: field }) => field === undefined)
  const lines = [
    `${counted(offers, 'offer')} ${imported ? 'imported' : 'can be imported'}, ${counted(leftOut, 'row')} left out`,
    ...columns
      .filter(({ read_as: field }) => field !== undefined)
      .map(
        ({ column, read_as: field, currency }) => `"${column}" is read as ${field}${currency ? ` (${currency})` : ''}`,
      ),
    ...(unused.length > 0 ? [`not used: ${unused.map(({ column }) => `"${column}"`).join(', ')}`] : []),
    'line|offer_id|title|price|quoted|MOQ|unit|shop|place|picture',
    ...rows.map(rowText),
    ...problemLines('left out', value.left_out_rows, leftOut),
    ...problemLines('kept, but not all could be read', value.noted_rows, value.noted),
    ...value.unconverted.map(
      ({ currency, prices }) =>
        `${counted(prices, 'price')} in ${currency} without a rate: left out of price comparisons; pass rates, such as ${currency}=7.1`,
    ),
    ...value.converted.map(
      ({ currency, prices, rate, from }) =>
        `${counted(prices, 'price')} in ${currency} converted at ${rate} CNY (${from})`,
    ),
    ...changesLine(value),
    ...(own === undefined ? [] : [`own offers: ${own}, ${compared} ready to compare`]),
    ...(value.confirm === undefined ? [] : [`confirm: ${value.confirm}`]),
    `next: ${value.next}`,
  ]
  return lines.join('\n')
}

function changesLine({ added, changed, unchanged, missing, pruned }: ImportValue): string[] {
  if (added === undefined) return []
  const stays = missing ? `; ${missing} known before and not in this file, ${pruned ? 'removed' : 'kept'}` : ''
  return [`${added} new, ${changed ?? 0} changed, ${unchanged ?? 0} unchanged${stays}`]
}

function rowText(row: ImportValue['rows'][number]): string {
  const { line, offer_id: id, title, price, quoted, moq, unit, shop_name: shop, place, picture } = row
  const values = [
    String(line),
    id,
    title,
    price,
    quoted,
    moq === undefined ? moq : String(moq),
    unit,
    shop,
    place,
    picture,
  ]
  return values.map(cell).join('|')
}

function problemLines(what: string, problems: readonly RowProblem[], count: number): string[] {
  if (count === 0) return []
  const more = count > problems.length ? [`... and ${count - problems.length} more`] : []
  return [`${what}:`, ...problems.map(({ line, reason }) => `line ${line}: ${reason}`), ...more]
}
