/** What the end of a sheet says about its cells: merged ones, links, and where its drawings are. */
import type { SheetPicture } from '../table.ts'
import type { Archive } from './archive.ts'
import { type Budget, tooMuch } from './budget.ts'
import { type CellRange, parseRange } from './cell-ref.ts'
import { readDrawing } from './pictures/drawings.ts'
import { isTrue, MAX_COLUMNS } from './raw-rows.ts'
import { readRelations } from './relations.ts'
import { readXml, relationId } from './xml.ts'

/** Merged ranges, or cells with a link. */
const MAX_RANGES = 500_000
/** Points; the height of rows that have none of their own. */
const DEFAULT_ROW_HEIGHT = 15

export interface Outline {
  /** Ranges of several rows, by their first column, from top to bottom. Only this column is filled. */
  merges: ReadonlyMap<number, readonly CellRange[]>
  isHidden(column: number): boolean
  linkAt(row: number, column: number): string | undefined
  picturesAt(row: number, column: number): readonly SheetPicture[] | undefined
  /** The columns of this row that have a picture. */
  pictureColumns(row: number): Iterable<number>
}

interface Link {
  range: CellRange
  id: string
}

export async function readOutline(archive: Archive, part: string, budget: Budget): Promise<Outline> {
  const merges: CellRange[] = []
  const links: Link[] = []
  const drawings: string[] = []
  const heights = new Map<number, number>()
  const hidden = new Set<number>()
  let defaultHeight = DEFAULT_ROW_HEIGHT
  const bounded = (count: number): void => {
    if (count > MAX_RANGES) throw tooMuch(`it has more than ${MAX_RANGES} merged cells or links`)
  }
  await readXml(archive.read(part), budget, {
    open: (name, attributes) => {
      const { ref = '', ht, r, defaultRowHeight } = attributes
      if (name === 'col' && isTrue(attributes.hidden)) {
        for (
          let each = Math.max(1, Number(attributes.min));
          each <= Math.min(Number(attributes.max), MAX_COLUMNS);
          each++
        )
          hidden.add(each)
      }
      if (name === 'sheetFormatPr') defaultHeight = Number(defaultRowHeight) || DEFAULT_ROW_HEIGHT
      else if (name === 'row' && ht !== undefined) heights.set(Number(r), Number(ht) || defaultHeight)
      else if (name === 'mergeCell') {
        const range = parseRange(ref)
        if (range && range.bottom > range.top && range.left <= MAX_COLUMNS) bounded(merges.push(range))
      } else if (name === 'hyperlink') {
        const range = parseRange(ref)
        const id = relationId(attributes)
        if (range && id !== undefined) bounded(links.push({ range, id }))
      } else if (name === 'drawing') drawings.push(relationId(attributes) ?? '')
    },
  })
  const relations = await readRelations(archive, part, budget)
  const pictures = new Map<number, Map<number, SheetPicture[]>>()
  const heightOf = (row: number): number => heights.get(row) ?? defaultHeight
  for (const id of drawings) {
    const drawing = relations.get(id)
    if (drawing === undefined || drawing.isExternal || !archive.has(drawing.target)) continue
    for (const { row, column, picture } of await readDrawing(archive, drawing.target, heightOf, budget)) {
      const columns = pictures.get(row) ?? new Map<number, SheetPicture[]>()
      pictures.set(row, columns)
      const known = columns.get(column)
      if (known) known.push(picture)
      else columns.set(column, [picture])
    }
  }
  const filled = byColumn(merges)
  moveToTop(pictures, filled)
  const addresses = indexLinks(links, id => relations.get(id)?.target)
  return {
    merges: filled,
    isHidden: column => hidden.has(column),
    linkAt: (row, column) => addresses.get(keyOf(row, column)),
    picturesAt: (row, column) => pictures.get(row)?.get(column),
    pictureColumns: row => pictures.get(row)?.keys() ?? [],
  }
}

/** A picture in the middle of merged cells belongs to all of them, if it is their only one. */
function moveToTop(
  pictures: Map<number, Map<number, SheetPicture[]>>,
  merges: ReadonlyMap<number, readonly CellRange[]>,
): void {
  const rows = [...pictures.keys()].sort((a, b) => a - b)
  for (const [column, ranges] of merges) {
    const shown = rows.filter(row => pictures.get(row)?.has(column))
    let next = 0
    for (const { top, bottom } of ranges) {
      while ((shown[next] ?? top) < top) next += 1
      const row = shown[next]
      if (row === undefined) break
      if (row === top || row > bottom || (shown[next + 1] ?? bottom + 1) <= bottom) continue
      const columns = pictures.get(row)
      const above = pictures.get(top) ?? new Map<number, SheetPicture[]>()
      pictures.set(top, above.set(column, columns?.get(column) ?? []))
      columns?.delete(column)
    }
  }
}

function byColumn(merges: readonly CellRange[]): Map<number, CellRange[]> {
  const columns = new Map<number, CellRange[]>()
  for (const range of merges) {
    const column = columns.get(range.left)
    if (column) column.push(range)
    else columns.set(range.left, [range])
  }
  for (const column of columns.values()) column.sort((a, b) => a.top - b.top)
  return columns
}

/** A link over a range counts for its first column, as far as all cells are within the bound. */
function indexLinks(links: readonly Link[], addressOf: (id: string) => string | undefined): Map<number, string> {
  const addresses = new Map<number, string>()
  for (const { range, id } of links) {
    const address = addressOf(id)
    if (address === undefined) continue
    for (let row = range.top; row <= range.bottom && addresses.size < MAX_RANGES; row++) {
      addresses.set(keyOf(row, range.left), address)
    }
  }
  return addresses
}

function keyOf(row: number, column: number): number {
  return row * 16_384 + column
}
