/** Finds where the offers begin: below a title, on another sheet, or under a header of two rows. */
import { type AppError, invalidInput } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'
import type { Cell, Sheet, TableFile, TableRow } from '../../../sheets/read/table.ts'
import { currenciesIn } from '../values/currency.ts'
import { unitOfColumn } from '../values/pack-cell.ts'
import { type ColumnUse, mapColumns } from './columns.ts'
import { type ColumnMapping, fieldsByMapping } from './mapping.ts'
import { namesUnder, sharpens } from './two-rows.ts'

/** Titles, addresses and instructions above a table hardly take more. */
const SEARCHED_ROWS = 20
const SHOWN_COLUMNS = 12
/** Of a column; descriptions in the first rows are longer. */
const MAX_NAME_CHARS = 300

const IDENTIFYING = new Set<string | null>(['offer_id', 'link', 'sku', 'image'])
/** Sheets that show how to fill in another one. */
const EXAMPLE = /example|sample|instruction|read ?me|template|示例|样例|範例|说明|說明|模板|填写/i

export interface FoundTable {
  columns: readonly ColumnUse[]
  headerLine: number
  sheetName: string
  /** The texts above the header. */
  above: readonly string[]
  /** The texts of sheets without offers, such as terms. */
  elsewhere: readonly string[]
  /** Those below the header. */
  rows(): AsyncIterable<TableRow>
  /** Other sheets that have such a table, too. */
  others: readonly { sheetName: string; headerLine: number }[]
}

interface Candidate extends Omit<FoundTable, 'others' | 'elsewhere'> {
  /** Of the whole row. */
  text: string
  /** Whether pictures lie inside the sheet below the header, or beside it: then no column needs to name them. */
  hasPictures: boolean
  /** How many columns are known; the header with the most is the right one. */
  known: number
}

export interface TableWanted {
  mapping?: ColumnMapping | undefined
  /** Its name; `undefined` for the one that has offers. */
  sheet?: string | undefined
  /** Whether files beside the sheet are named like its rows. */
  hasPictureFiles?: boolean
}

/**
 * @throws AppError `invalid_input` if there is no such sheet; or, with the columns seen, if none has one for titles and
 * one for pictures.
 */
export async function findTable(
  { sheets }: TableFile,
  { mapping, sheet: name, hasPictureFiles = false }: TableWanted = {},
): Promise<FoundTable> {
  const only = name === undefined ? null : sheetNamed(sheets, name)
  const complete: Candidate[] = []
  const elsewhere: string[] = []
  let nearest: Candidate | null = null
  for (const sheet of sheets) {
    const found = await candidatesIn(sheet, mapping)
    const candidates = hasPictureFiles ? found.map(each => ({ ...each, hasPictures: true })) : found
    const best = mostKnown(candidates.filter(isComplete))
    if (best === null) elsewhere.push(...candidates.map(({ text }) => text))
    if (only !== null && sheet !== only) continue
    if (best) complete.push(best)
    nearest = mostKnown(nearest ? [nearest, ...candidates] : candidates)
  }
  const real = complete.filter(({ sheetName }) => !EXAMPLE.test(sheetName))
  const best = mostKnown(real) ?? mostKnown(complete)
  if (!best) throw noHeader(nearest)
  checkMapping(mapping, best.columns)
  return { ...best, elsewhere, others: real.filter(each => each !== best) }
}

/** The first of equal ones. */
function mostKnown(candidates: readonly Candidate[]): Candidate | null {
  return candidates.reduce<Candidate | null>((best, each) => (best && best.known >= each.known ? best : each), null)
}

async function candidatesIn(sheet: Sheet, mapping?: ColumnMapping): Promise<Candidate[]> {
  if (sheet.columns !== null) return [candidate(sheet, sheet.columns, [], { line: 0, above: [] }, mapping)]
  const rows: { line: number; cells: readonly Cell[] }[] = []
  let seen = 0
  for await (const row of sheet.rows()) {
    if ('cells' in row) rows.push(row)
    seen += 1
    if (seen === SEARCHED_ROWS) break
  }
  const lastPicture = rows.findLast(({ cells }) => cells.some(({ pictures }) => pictures !== undefined))?.line ?? 0
  const texts = rows.map(({ cells }) => cells.map(textOf))
  const found = rows.flatMap(({ line, cells }, index): Candidate[] => {
    const [own = [], group = [], below = []] = [texts[index], texts[index - 1], texts[index + 1]]
    // Its second row says more.
    if (sharpens(own, below)) return []
    const at = { line, above: texts.slice(0, index).map(row => row.join(' ').trim()) }
    return [candidate(sheet, namesUnder(group, own), cells, at, mapping)]
  })
  return found.map(each => ({ ...each, hasPictures: lastPicture > each.headerLine }))
}

function candidate(
  sheet: Sheet,
  names: readonly string[],
  cells: readonly Cell[],
  at: { line: number; above: readonly string[] },
  mapping?: ColumnMapping,
): Candidate {
  const isHidden = (index: number): boolean => cells[index]?.isHidden ?? false
  const visible = mapColumns(
    names.map((name, index) => (isHidden(index) ? '' : name)),
    mapping,
  )
  const columns = withHidden(visible, mapColumns(names, mapping), isHidden)
  return {
    columns,
    headerLine: at.line,
    text: names.join(' ').trim(),
    sheetName: sheet.name,
    above: [sheet.name, ...at.above],
    hasPictures: false,
    known: columns.filter(({ field }) => field !== null).length,
    rows: () => rowsBelow(sheet, at.line, names.length),
  }
}

/** A hidden column says which offer it is, if no other does; but hidden prices and minimums are not offered. */
function withHidden(
  visible: readonly ColumnUse[],
  all: readonly ColumnUse[],
  isHidden: (index: number) => boolean,
): ColumnUse[] {
  const taken = new Set<string | null>(visible.map(({ field }) => field))
  return visible.map((use, index) => {
    const hidden = isHidden(index) ? all[index] : undefined
    if (hidden === undefined) return use
    const isUseful = IDENTIFYING.has(hidden.field) && !taken.has(hidden.field)
    return isUseful ? hidden : { column: hidden.column, field: null }
  })
}

async function* rowsBelow(sheet: Sheet, headerLine: number, width: number): AsyncGenerator<TableRow> {
  for await (const row of sheet.rows()) {
    if (row.line <= headerLine) continue
    if (sheet.isDelimited && 'cells' in row && row.cells.length > width) {
      yield { line: row.line, reason: `The row has ${row.cells.length} cells, but the header has ${width}.` }
    } else yield row
  }
}

/**
 * The columns of a further header below the first: of another table, or the same one repeated, for example in another
 * language, or the last row of the first, which is then right below it. A name that repeats one, and says less about what
 * the column counts, leaves it what it was.
 */
export function columnsOfHeader(
  cells: readonly Cell[],
  { before, isNext, mapping }: { before: readonly ColumnUse[]; isNext: boolean; mapping: ColumnMapping | undefined },
): ColumnUse[] | null {
  const own = cells.map(textOf)
  const group = before.map(({ column }) => column)
  const columns = mapColumns(isNext ? namesUnder(group, own) : own, mapping)
  const fields = new Set(columns.flatMap(({ field }) => (field === null ? [] : [field])))
  if (!fields.has('title') || fields.size < 3) return null
  const isSame = columns.every(({ field }, index) => field === (before[index]?.field ?? null))
  return columns.map((use, index) => {
    const known = before[index]
    const saysLess = currenciesIn(use.column).named.size === 0 && unitOfColumn(use.column) === null
    return isSame && known && saysLess ? known : use
  })
}

function textOf({ value }: Cell): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim().slice(0, MAX_NAME_CHARS) : ''
}

function isComplete(found: Candidate): boolean {
  return missingField(found) === null
}

function missingField({ columns, hasPictures }: Candidate): 'title' | 'image' | null {
  const needed = hasPictures ? (['title'] as const) : (['title', 'image'] as const)
  return needed.find(field => !columns.some(column => column.field === field)) ?? null
}

function sheetNamed(sheets: readonly Sheet[], name: string): Sheet {
  const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase()
  const found = sheets.find(sheet => sheet.name === name) ?? sheets.find(sheet => folded(sheet.name) === folded(name))
  if (found) return found
  const names = sheets.slice(0, SHOWN_COLUMNS).map(sheet => quoted(sheet.name))
  const hint =
    sheets[0]?.name === ''
      ? 'Only a workbook (.xlsx) has sheets with names: leave sheet out.'
      : `It has ${names.join(', ')}${sheets.length > names.length ? ' and others' : ''}.`
  throw invalidInput(`The file has no visible sheet ${quoted(name)}.`, hint)
}

/** @throws AppError `invalid_input` for a column that the user names and the sheet lacks. */
function checkMapping(mapping: ColumnMapping | undefined, columns: readonly ColumnUse[]): void {
  const names = columns.map(({ column }) => column)
  const { unknown } = fieldsByMapping(names, mapping ?? new Map())
  if (unknown === null) return
  throw invalidInput(`The sheet has no column ${quoted(unknown)}, which map names.`, `Its columns: ${seenIn(columns)}.`)
}

function seenIn(columns: readonly ColumnUse[]): string {
  const seen = columns.slice(0, SHOWN_COLUMNS).map(({ column }) => quoted(column))
  return seen.join(', ') || 'none'
}

function noHeader(nearest: Candidate | null): AppError {
  const columns = nearest?.columns ?? []
  const what = nearest && missingField(nearest) === 'image' ? 'pictures' : 'titles'
  const names = what === 'titles' ? '"title" or "产品名称"' : '"image" or "图片"'
  return invalidInput(
    `The file has no recognised column for ${what}. Columns seen: ${seenIn(columns)}.`,
    `Name the column in the row above the offers (in JSON Lines, the key), for example ${names}, or say which it is with map: "COLUMN=${what === 'titles' ? 'title' : 'image'}".`,
  )
}
