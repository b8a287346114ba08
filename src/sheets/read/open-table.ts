import { open, stat } from 'node:fs/promises'
import { AppError } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { readCsv } from './csv.ts'
import { readJsonLines } from './json-lines.ts'
import { type Table, unreadable } from './table.ts'
import { readXlsx } from './xlsx.ts'

/** A hundred thousand offers are some 30 MB. */
const MAX_BYTES = 200_000_000

/**
 * Opens a CSV, JSON Lines or XLSX file, which it recognises by content, not by name.
 * @throws AppError `invalid_input` if the file cannot be read, is too large, or is of another kind.
 */
export async function openTable(file: string): Promise<Table> {
  const head = await readHead(file)
  if (head.startsWith('PK\x03\x04')) return await readXlsx(file)
  if (head.startsWith('\xD0\xCF\x11\xE0')) throw unreadable('an old Excel file (.xls)')
  const [first = ''] = head.replace(/^\xEF\xBB\xBF/, '').trimStart()
  if (first === '') throw unreadable('an empty file')
  if (first === '[') throw unreadable('a JSON array, not JSON Lines')
  return first === '{' ? await readJsonLines(file) : await readCsv(file)
}

/** The first bytes of the file, one character each. */
async function readHead(file: string): Promise<string> {
  try {
    const stats = await stat(file)
    // A pipe would block the process, a device never ends, and the file is read more than once.
    if (!stats.isFile()) throw unreadable('not a regular file')
    if (stats.size > MAX_BYTES) throw unreadable(`a file of more than ${MAX_BYTES / 1_000_000} MB`)
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(512) })
      return buffer.toString('latin1', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError({
      code: 'invalid_input',
      message: `Cannot read the file ${quoted(file)}.`,
      hint: 'Check the path and the permissions of the file.',
      cause: error,
    })
  }
}
