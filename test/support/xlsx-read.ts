/** Reads workbooks that a test made. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openTable } from '../../src/sheets/read/open-table.ts'
import type { Cell, TableRow } from '../../src/sheets/read/table.ts'
import { openArchive } from '../../src/sheets/read/xlsx/archive.ts'
import { createBudget } from '../../src/sheets/read/xlsx/budget.ts'
import { workbookOf } from './xlsx-parts.ts'

async function collect(rows: AsyncIterable<TableRow> | undefined): Promise<TableRow[]> {
  const collected: TableRow[] = []
  for await (const row of rows ?? []) collected.push(row)
  return collected
}

async function withFile<T>(bytes: Uint8Array, use: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-1688-xlsx-'))
  try {
    const file = path.join(folder, 'sheet.xlsx')
    writeFileSync(file, bytes)
    return await use(file)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The rows of all visible sheets. */
export async function readWorkbook(bytes: Uint8Array): Promise<{ name: string; rows: TableRow[] }[]> {
  return await withFile(bytes, async file => {
    const table = await openTable(file)
    const sheets = []
    for (const sheet of table.sheets) sheets.push({ name: sheet.name, rows: await collect(sheet.rows()) })
    await table.close()
    return sheets
  })
}

/** The cells of the first sheet. */
export async function cellsOf(...args: Parameters<typeof workbookOf>): Promise<(readonly Cell[])[]> {
  const [sheet] = await readWorkbook(workbookOf(...args))
  return (sheet?.rows ?? []).map(row => ('cells' in row ? row.cells : []))
}

/** The pictures of each cell of the first sheet, as text. */
export async function picturesOf(bytes: Uint8Array): Promise<string[][][]> {
  return await withFile(bytes, async file => {
    const table = await openTable(file)
    const pictures: string[][][] = []
    for (const row of await collect(table.sheets[0]?.rows())) {
      const cells = 'cells' in row ? row.cells : []
      const texts = cells.map(cell =>
        Promise.all((cell.pictures ?? []).map(async picture => Buffer.from(await picture.read()).toString())),
      )
      pictures.push(await Promise.all(texts))
    }
    await table.close()
    return pictures
  })
}

/** The text of one part. */
export async function partOf(bytes: Uint8Array, name: string): Promise<string> {
  return await withFile(bytes, async file => {
    const archive = await openArchive(file, createBudget())
    const chunks: Uint8Array[] = []
    for await (const chunk of archive.read(name)) chunks.push(chunk)
    archive.close()
    return Buffer.concat(chunks).toString()
  })
}
