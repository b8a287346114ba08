/** The formats of numbers: only they tell a date from a number, or dollars from yuan. */
import type { Archive } from './archive.ts'
import type { Budget } from './budget.ts'
import { readXml } from './xml.ts'

export interface NumberFormat {
  /** `undefined` for a plain number. */
  code: string | undefined
  isDate: boolean
}

const PLAIN: NumberFormat = { code: undefined, isDate: false }

/** Formats without a code in the file: dates of any language. */
const BUILT_IN_DATES: readonly (readonly [first: number, last: number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
]

/** Percentages, and money in the currency of the computer that shows it, for which Unicode has the sign ¤. */
const BUILT_IN_CODES = new Map([
  ...['9', '10'].map(id => [id, '0%'] as const),
  ...['5', '6', '7', '8', '42', '44'].map(id => [id, '¤0'] as const),
])

/** By the index that cells name. */
export async function readStyles(
  archive: Archive,
  part: string | undefined,
  budget: Budget,
): Promise<(style: string | undefined) => NumberFormat> {
  const codes = new Map<string, string>()
  const formats: NumberFormat[] = []
  let isInCells = false
  if (part !== undefined && archive.has(part)) {
    await readXml(archive.read(part), budget, {
      open: (name, { numFmtId: id = '', formatCode: code }) => {
        if (name === 'numFmt' && code !== undefined) codes.set(id, code)
        if (name === 'cellXfs') isInCells = true
        if (name === 'xf' && isInCells) formats.push(formatOf(id, codes.get(id)))
      },
      close: name => {
        if (name === 'cellXfs') isInCells = false
      },
    })
  }
  return style => formats[Number(style ?? 0)] ?? PLAIN
}

function formatOf(id: string, code: string | undefined): NumberFormat {
  if (code === undefined) {
    const number = Number(id)
    return {
      code: BUILT_IN_CODES.get(id),
      isDate: BUILT_IN_DATES.some(([first, last]) => number >= first && number <= last),
    }
  }
  // Without literal text, colours and currencies; [h] is a duration.
  const letters = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  return { code: code === 'General' ? undefined : code, isDate: /[ymdhs]/i.test(letters) && !/general/i.test(letters) }
}

const DAY_MS = 86_400_000
/** Excel's largest date, the end of the year 9999. */
const LAST_SERIAL = 2_958_466

/** `2026-03-05`, `2026-03-05T10:30:00` or `10:30:00`; `null` if the number is not a date. */
export function dateOf(serial: number, is1904: boolean): string | null {
  if (!(serial >= 0) || serial >= LAST_SERIAL) return null
  const time = new Date(Math.round((serial % 1) * DAY_MS)).toISOString().slice(11, 19)
  if (serial < 1 && !is1904) return time
  // Lotus 1-2-3 and hence Excel count a 29 February 1900.
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30)
  const at = new Date(epoch + Math.round(serial * DAY_MS)).toISOString()
  return at.endsWith('T00:00:00.000Z') ? at.slice(0, 10) : at.slice(0, 19)
}
