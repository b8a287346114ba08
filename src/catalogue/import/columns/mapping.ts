/** What the user says that columns are. */
import { invalidInput } from '../../../errors.ts'
import { quoted } from '../../../offers/text.ts'
import { asName, FIELD_NAMES, type ImportField } from './names.ts'

/** By the name of the column, as the user writes it. */
export type ColumnMapping = ReadonlyMap<string, ImportField>

/** `Unit Cost=price; Pic=image`. @throws AppError `invalid_input`. */
export function parseMapping(text: string): ColumnMapping {
  const entries = text.split(';').filter(part => part.trim() !== '')
  return new Map(
    entries.map(entry => {
      const at = entry.lastIndexOf('=')
      const column = entry.slice(0, Math.max(0, at)).trim()
      const name = entry.slice(at + 1)
      const field = FIELD_NAMES.find(known => known === name.trim().toLowerCase())
      if (column !== '' && field !== undefined) return [column, field] as const
      throw invalidInput(
        `${quoted(entry)} does not say which column is which field.`,
        `Write COLUMN=FIELD, several separated by semicolons; the fields are ${FIELD_NAMES.join(', ')}.`,
      )
    }),
  )
}

/**
 * The fields of columns, by index, and a column of the mapping that is not there. Of `Cost (USD)` and `Cost (RMB)`, each
 * is meant by its whole name; where none has the whole name, brackets and punctuation do not matter.
 */
export function fieldsByMapping(columns: readonly string[], mapping: ColumnMapping) {
  const fields = new Map<number, ImportField>()
  let unknown: string | null = null
  for (const [name, field] of mapping) {
    const exact = indexesOf(columns, column => whole(column) === whole(name))
    const loose = asName(name) === '' ? [] : indexesOf(columns, column => asName(column) === asName(name))
    const found = exact.length > 0 ? exact : loose
    if (found.length === 0) unknown ??= name
    for (const index of found) fields.set(index, field)
  }
  return { fields, unknown }
}

function whole(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

function indexesOf(columns: readonly string[], isMeant: (column: string) => boolean): number[] {
  return columns.flatMap((column, index) => (isMeant(column) ? [index] : []))
}
