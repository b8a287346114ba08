/** Pictures that float over the cells of a sheet, each with the cell it belongs to. */
import type { SheetPicture } from '../../table.ts'
import type { Archive } from '../archive.ts'
import { type Budget, tooMuch } from '../budget.ts'
import { readRelations } from '../relations.ts'
import { parseXml, relationId, type XmlHandler } from '../xml.ts'

/** English Metric Units, in which drawings are measured. */
const EMU_PER_POINT = 12_700
const MAX_PICTURES = 100_000

export interface PlacedPicture {
  row: number
  column: number
  picture: SheetPicture
}

interface Anchor {
  /** Counted from 0, as in the file. */
  from: { row: number; column: number; offset: number }
  to: { row: number; offset: number } | null
  height: number
  /** IDs of the pictures: a group has several. */
  pictures: string[]
}

/** @param heightOf the height of a row in points, counted from 1. */
export async function readDrawing(
  archive: Archive,
  part: string,
  heightOf: (row: number) => number,
  budget: Budget,
): Promise<PlacedPicture[]> {
  const relations = await readRelations(archive, part, budget)
  const placed: PlacedPicture[] = []
  for await (const anchor of parseXml(archive.read(part), budget, createAnchorReader)) {
    const row = rowOf(anchor, heightOf)
    for (const id of anchor.pictures) {
      const relation = relations.get(id)
      if (!relation || relation.isExternal || !archive.has(relation.target)) continue
      placed.push({ row, column: anchor.from.column + 1, picture: pictureOf(archive, relation.target) })
      if (placed.length > MAX_PICTURES) throw tooMuch(`it has more than ${MAX_PICTURES} pictures`)
    }
  }
  return placed
}

export function pictureOf(archive: Archive, part: string): SheetPicture {
  return { name: part, read: () => archive.readPicture(part) }
}

/** The row where the picture begins, or the next one: placed by hand, many begin some pixels above their row. */
function rowOf({ from, to, height }: Anchor, heightOf: (row: number) => number): number {
  const first = from.row + 1
  const shown = heightOf(first) - from.offset / EMU_PER_POINT
  if (shown >= heightOf(first) / 2) return first
  const isMostlyBelow =
    to === null
      ? height / EMU_PER_POINT > 2 * shown
      : to.row > from.row + 1 || (to.row > from.row && to.offset / EMU_PER_POINT > shown)
  return isMostlyBelow ? first + 1 : first
}

function createAnchorReader(emit: (anchor: Anchor) => void): XmlHandler {
  let anchor: Anchor = emptyAnchor()
  let corner: 'from' | 'to' | null = null
  let text = ''
  const keep = (name: string): void => {
    const number = Number(text) || 0
    if (corner === 'from') {
      if (name === 'row') anchor.from.row = number
      if (name === 'col') anchor.from.column = number
      if (name === 'rowOff') anchor.from.offset = number
    } else if (corner === 'to' && anchor.to) {
      if (name === 'row') anchor.to.row = number
      if (name === 'rowOff') anchor.to.offset = number
    }
  }
  return {
    open: (name, attributes) => {
      text = ''
      if (name === 'oneCellAnchor' || name === 'twoCellAnchor') anchor = emptyAnchor()
      else if (name === 'from') corner = 'from'
      else if (name === 'to') {
        corner = 'to'
        anchor.to = { row: 0, offset: 0 }
      } else if (name === 'ext' && anchor.height === 0) anchor.height = Number(attributes.cy) || 0
      else if (name === 'blip') anchor.pictures.push(relationId(attributes) ?? '')
    },
    text: part => {
      if (corner !== null && text.length < 20) text += part
    },
    close: name => {
      if (corner !== null) keep(name)
      if (name === 'from' || name === 'to') corner = null
      if (name !== 'oneCellAnchor' && name !== 'twoCellAnchor') return
      emit(anchor)
      // What is anchored to no cell must not end up here.
      anchor = emptyAnchor()
    },
  }
}

function emptyAnchor(): Anchor {
  return { from: { row: 0, column: 0, offset: 0 }, to: null, height: 0, pictures: [] }
}
