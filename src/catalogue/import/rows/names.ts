/** What a row is called: in its own cells, and by files that show it. */
import { parseOfferId } from '../../../offers/id/offer-id.ts'
import type { Cell, TableRow } from '../../../sheets/read/table.ts'
import type { ColumnUse } from '../columns/columns.ts'
import { type ImportField, PHOTO_FIELDS } from '../columns/names.ts'
import type { NamedRow } from '../named-pictures.ts'
import { asText, type Cells, cellsByField } from './cell-text.ts'
import { fileNames, pictureText } from './pictures.ts'

/** Excel keeps 15 digits of a number. */
const MAX_EXACT_NUMBER = 999_999_999_999_999
/** What is left of such a number in a CSV file: zeros from the 16th digit on. */
const ROUNDED_TEXT = /^[1-9]\d{14}0{1,5}$/

export async function* namedRows(
  rows: AsyncIterable<TableRow>,
  columns: readonly ColumnUse[],
): AsyncGenerator<NamedRow> {
  for await (const row of rows) {
    if ('reason' in row) continue
    const cells = cellsByField(row.cells, columns)
    yield {
      line: row.line,
      names: namesOf(cells),
      stated: [cells.get('image'), ...PHOTO_FIELDS.map(field => cells.get(field))].flatMap(cell =>
        fileNames(pictureText(cell)),
      ),
      identity: statedIdentity(cells) ?? `line ${row.line}`,
    }
  }
}

/** What files of pictures of the row may be called. */
export function namesOf(cells: Cells): string[] {
  const textOf = (field: ImportField): string => asText(cells.get(field)?.value)
  return [...statedIds(cells), textOf('sku'), textOf('offer_id'), textOf('title')]
}

/** Rows with the same are of the same offer; `null` if only its title tells. */
function statedIdentity(cells: Cells): string | null {
  const [id = asText(cells.get('sku')?.value) || asText(cells.get('offer_id')?.value)] = statedIds(cells)
  return id === '' ? null : id
}

function statedIds(cells: Cells): string[] {
  const link = cells.get('link')
  return [idOfCell(cells.get('offer_id')), idOfLink(link?.link ?? asText(link?.value))].filter(id => id !== null)
}

/** What the column of IDs says, without what spreadsheets and chats put before a number that shall stay text. */
export function idText(cell: Cell | undefined): string {
  return asText(cell?.value).replace(/^[\t'`‘’]+/, '')
}

export function idOfCell(cell: Cell | undefined): string | null {
  return isRounded(cell) ? null : idOfLink(cell?.link ?? idText(cell))
}

/** Whether a spreadsheet has put zeros for the last digits of an ID. */
export function isRounded(cell: Cell | undefined): boolean {
  return (typeof cell?.value === 'number' && cell.value > MAX_EXACT_NUMBER) || ROUNDED_TEXT.test(idText(cell))
}

/** `null` for other links, for example to the user's own shop. */
export function idOfLink(link: string): string | null {
  try {
    return parseOfferId(link)
  } catch {
    return null
  }
}
