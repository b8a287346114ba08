/** What a cell shows: its value by type and format, and what its formula links to. */
import type { Cell } from '../table.ts'
import type { CellImages } from './pictures/cell-images.ts'
import type { RawCell } from './raw-rows.ts'
import type { SharedStrings } from './shared-strings.ts'
import { dateOf, type NumberFormat } from './styles.ts'

export interface CellContext {
  strings: SharedStrings
  formatOf(style: string | undefined): NumberFormat
  images: CellImages
  is1904: boolean
}

const TEXT_ARGUMENT = '"((?:[^"]|"")*)"'
const LINK_FORMULA = new RegExp(
  String.raw`^=?(?:_xlfn\.)?(HYPERLINK|IMAGE)\(\s*${TEXT_ARGUMENT}\s*(?:[,;]\s*${TEXT_ARGUMENT})?`,
  'i',
)
/** WPS's formula; other programs keep it as the text of the cell. */
const PICTURE_FORMULA = /^=?(?:_xlfn\.)?DISPIMG\(\s*"([^"]+)"/i

export function readCell(raw: RawCell, context: CellContext): Cell {
  const picture = pictureIn(raw, context.images)
  if (picture) return picture
  const cell = contentOf(raw, context)
  const [matched, name = '', address = '', text] = LINK_FORMULA.exec(raw.formula) ?? []
  if (matched === undefined) return withoutValue(raw, cell)
  const shown = name.toUpperCase() === 'HYPERLINK' ? (text ?? address) : null
  return { value: raw.type === 'e' || cell.value === null ? unquote(shown) : cell.value, link: unquote(address) ?? '' }
}

function pictureIn(raw: RawCell, images: CellImages): Cell | null {
  const inCell = raw.richValue === undefined ? undefined : images.byRichValue(raw.richValue)
  if (inCell) return { value: null, pictures: [inCell] }
  const [, id] = PICTURE_FORMULA.exec(raw.formula) ?? PICTURE_FORMULA.exec(raw.text) ?? []
  if (id === undefined) return null
  const picture = images.byId(id)
  return picture
    ? { value: null, pictures: [picture] }
    : { value: null, problem: 'the cell shows a picture that is not in the file' }
}

function contentOf({ type, text, style }: RawCell, { strings, formatOf, is1904 }: CellContext): Cell {
  if (type === 'e') return { value: null, problem: `the cell shows the error ${text.slice(0, 20)}` }
  if (text === '') return { value: null }
  if (type === 's') return { value: strings.get(Number(text)) ?? null }
  if (type === 'b') return { value: text === '1' || text.toLowerCase() === 'true' }
  if (type !== 'n') return { value: text }
  const number = Number(text)
  if (Number.isNaN(number)) return { value: text }
  const { code, isDate } = formatOf(style)
  const date = isDate ? dateOf(number, is1904) : null
  if (date !== null) return { value: date }
  return code === undefined ? { value: number } : { value: number, format: code }
}

/** Programs that write sheets without calculating them leave formulas without a value. */
function withoutValue({ formula }: RawCell, cell: Cell): Cell {
  return formula !== '' && cell.value === null && cell.problem === undefined
    ? { value: null, problem: 'the cell holds a formula whose result is not in the file' }
    : cell
}

function unquote(text: string | null): string | null {
  return text === null ? null : text.replaceAll('""', '"')
}
