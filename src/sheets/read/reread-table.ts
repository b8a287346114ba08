import { withoutEscapes } from './encoding/escapes.ts'
import { hasLostLetters, type Misreading, misreadingIn, reread } from './encoding/misread.ts'
import { lostLetters, type Sheet, type TableFile, type TableRow } from './table.ts'

const SAMPLE_ROWS = 200
const SAMPLE_CHARS = 10_000
/** Text may have gone through several programs. */
const MAX_TIMES = 3

/**
 * The table as it was before programs read its text in a wrong encoding, or escaped it.
 * @throws AppError `invalid_input` if it has lost letters there.
 */
export async function rereadTable(table: TableFile): Promise<TableFile> {
  const misreadings: Misreading[] = []
  let texts = await sampleOf(table.sheets)
  while (misreadings.length < MAX_TIMES) {
    const found = misreadingIn(texts)
    if (found === null) break
    const { readAs, really } = found
    if (texts.some(text => hasLostLetters(text, found))) throw lostLetters(`as ${readAs} although it was ${really}`)
    texts = texts.map(text => reread(text, found) ?? text)
    misreadings.push(found)
  }
  const right = (text: string): string =>
    withoutEscapes(misreadings.reduce((read, found) => reread(read, found) ?? read, text))
  return { ...table, sheets: table.sheets.map(sheet => reading(sheet, right)) }
}

async function sampleOf(sheets: readonly Sheet[]): Promise<string[]> {
  const texts: string[] = []
  for (const { name, columns, rows } of sheets) {
    texts.push(name, ...(columns ?? []))
    let [seen, chars] = [0, 0]
    for await (const row of rows()) {
      const values = 'cells' in row ? row.cells.flatMap(({ value }) => (typeof value === 'string' ? value : [])) : []
      texts.push(...values)
      seen += 1
      chars += values.join('').length
      if (seen === SAMPLE_ROWS || chars > SAMPLE_CHARS) break
    }
  }
  return texts
}

function reading(sheet: Sheet, right: (text: string) => string): Sheet {
  return {
    ...sheet,
    name: right(sheet.name),
    columns: sheet.columns?.map(right) ?? null,
    rows: async function* (): AsyncGenerator<TableRow> {
      for await (const row of sheet.rows()) {
        if ('reason' in row) yield row
        else {
          const cells = row.cells.map(cell =>
            typeof cell.value === 'string' ? { ...cell, value: right(cell.value) } : cell,
          )
          yield { ...row, cells }
        }
      }
    },
  }
}
