import { type FileHandle, open, stat } from 'node:fs/promises'
import { AppError, invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { openCsv } from './csv.ts'
import { openJsonLines } from './json-lines.ts'
import { rereadTable } from './reread-table.ts'
import { type TableFile, unreadable } from './table.ts'
import { chooseEncoding, readText } from './text-file.ts'

/** 10,000 rows with a picture each are some 200 MB. */
const MAX_BYTES = 300_000_000
const HEAD_BYTES = 4096
/** By their first bytes. Programs that export web pages as .xls are many. */
const OTHER_KINDS: readonly (readonly [start: RegExp, kind: string])[] = [
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|meta|style|table|div)\b/i, 'a web page (HTML), whatever its name says'],
  [/^(?:\xef\xbb\xbf)?\s*<\?xml\b/i, 'XML, such as an XML spreadsheet of 2003'],
  [/^%PDF-/, 'a PDF file'],
  [/^\{\\rtf/, 'a text document (RTF)'],
  [/^(?:\xff\xd8\xff|\x89PNG|GIF8)/, 'a picture'],
  [/^\x1f\x8b/, 'compressed (gzip)'],
]
const OLD_EXCEL = 'an old Excel file (.xls)'

/**
 * Opens a CSV, JSON Lines or XLSX file, which it recognises by content, not by name.
 * @param encoding of a text file; by default it is recognised by content, too.
 * @throws AppError `invalid_input` if the file cannot be read, is too large, or is of another kind.
 */
export async function openTable(file: string, encoding?: string): Promise<TableFile> {
  const table = await openKind(file, encoding)
  try {
    return await rereadTable(table)
  } catch (error) {
    await table.close()
    throw error
  }
}

async function openKind(file: string, encoding: string | undefined): Promise<TableFile> {
  if ((await kindOf(file)) === 'zip') {
    const { openWorkbook } = await import('./xlsx/workbook.ts')
    return await openWorkbook(file)
  }
  const known = await chooseEncoding(file, encoding)
  const first = await firstCharacter(file, known)
  if (first === '') throw unreadable('an empty file')
  if (first === '[') throw unreadable('a JSON array, not JSON Lines')
  const sheet = first === '{' ? await openJsonLines(file, known) : openCsv(file, known)
  return { sheets: [sheet], close: async () => undefined }
}

async function kindOf(file: string): Promise<'zip' | 'text'> {
  try {
    const stats = await stat(file)
    // A pipe would block the process, a device never ends, and the file is read more than once.
    if (!stats.isFile()) throw unreadable('not a regular file')
    if (stats.size > MAX_BYTES) throw unreadable(`a file of more than ${MAX_BYTES / 1_000_000} MB`)
    const handle = await open(file)
    try {
      const head = await readAt(handle, 0)
      if (head.toString('latin1', 0, 4) === 'PK\x03\x04') return 'zip'
      if (head.toString('latin1', 0, 4) === '\xD0\xCF\x11\xE0') throw unreadable(await kindOfCompound(handle, head))
      const [, kind] = OTHER_KINDS.find(([start]) => start.test(head.toString('latin1'))) ?? []
      if (kind !== undefined) throw unreadable(kind)
      return 'text'
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof AppError) throw error
    throw invalidInput(
      `Cannot read the file ${quoted(file)}.`,
      'Check the path and the permissions of the file.',
      error,
    )
  }
}

/** Excel keeps old workbooks and encrypted new ones in the same container. Its directory names what is in it. */
async function kindOfCompound(handle: FileHandle, head: Buffer): Promise<string> {
  if (head.length < 512) return OLD_EXCEL
  const sectorBytes = head.readUInt16LE(30) === 12 ? 4096 : 512
  const directory = await readAt(handle, (head.readUInt32LE(48) + 1) * sectorBytes)
  return directory.includes(Buffer.from('EncryptedPackage', 'utf16le')) ? 'protected by a password' : OLD_EXCEL
}

async function readAt(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_BYTES), position })
  return buffer.subarray(0, bytesRead)
}

/** Empty without any. */
async function firstCharacter(file: string, encoding: string): Promise<string> {
  for await (const text of readText(file, encoding)) {
    const [first] = text.trimStart()
    if (first !== undefined) return first
  }
  return ''
}
