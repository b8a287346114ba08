import { type Cell, EMPTY_CELL, type TableRow, trimCells } from '../table.ts'
import type { Budget } from './budget.ts'
import type { CellRange } from './cell-ref.ts'
import { type CellContext, readCell } from './cells.ts'
import type { Outline } from './outline.ts'
import { createRowReader, type RawRow } from './raw-rows.ts'
import { parseXml } from './xml.ts'

/** The rows of a sheet that have a value, with merged cells filled downwards, links and floating pictures. */
export async function* readSheetRows(
  part: AsyncIterable<Uint8Array>,
  outline: Outline,
  context: CellContext,
  budget: Budget,
): AsyncGenerator<TableRow> {
  const fill = createFiller(outline)
  for await (const raw of parseXml<RawRow>(part, budget, createRowReader)) {
    const cells: Cell[] = []
    for (const rawCell of raw.cells) {
      const cell = readCell(rawCell, context)
      place(cells, rawCell.column, outline.isHidden(rawCell.column) ? { ...cell, isHidden: true } : cell)
    }
    addOutline(cells, raw, outline)
    fill(cells, raw.row)
    const trimmed = trimCells(cells)
    if (trimmed === null) continue
    budget.cells(trimmed.length)
    if (raw.isHidden) yield { line: raw.row, reason: 'The row is hidden in the sheet.' }
    else yield { line: raw.row, cells: trimmed }
  }
}

function addOutline(cells: Cell[], { row, cells: rawCells }: RawRow, outline: Outline): void {
  for (const { column } of rawCells) {
    const link = outline.linkAt(row, column)
    if (link !== undefined) place(cells, column, { ...valueAt(cells, column), link })
  }
  for (const column of outline.pictureColumns(row)) {
    const floating = outline.picturesAt(row, column) ?? []
    const cell = valueAt(cells, column)
    place(cells, column, { ...cell, pictures: [...(cell.pictures ?? []), ...floating] })
  }
}

/** Gives each row of a merged range the first cell of its first row. */
function createFiller({ merges }: Outline): (cells: Cell[], row: number) => void {
  const columns = [...merges].map(([column, ranges]) => ({ column, ranges, next: 0, top: EMPTY_CELL, topRow: 0 }))
  return (cells, row) => {
    for (const state of columns) {
      const range = rangeAt(state, row)
      if (range === undefined) continue
      if (row === range.top) {
        state.top = valueAt(cells, state.column)
        state.topRow = row
      } else if (state.topRow === range.top)
        place(cells, state.column, withPictures(state.top, cells[state.column - 1]))
    }
  }
}

function rangeAt(state: { ranges: readonly CellRange[]; next: number }, row: number): CellRange | undefined {
  while ((state.ranges[state.next]?.bottom ?? row) < row) state.next += 1
  const range = state.ranges[state.next]
  return range !== undefined && range.top <= row ? range : undefined
}

/** A picture of the row itself, which floats over the merged cell, comes before those of the first row. */
function withPictures(top: Cell, own: Cell | undefined): Cell {
  return own?.pictures ? { ...top, pictures: own.pictures } : top
}

function valueAt(cells: readonly Cell[], column: number): Cell {
  return cells[column - 1] ?? EMPTY_CELL
}

function place(cells: Cell[], column: number, cell: Cell): void {
  while (cells.length < column - 1) cells.push(EMPTY_CELL)
  cells[column - 1] = cell
}
