/** Sheets are read several times, so what is read is a copy that nobody can change in between. */
import { constants } from 'node:fs'
import { mkdtemp, open, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'
import { unreadable } from '../../sheets/read/table.ts'

/** What a sheet's name ends in. A model must not read other files of this computer by calling them sheets. */
const ENDINGS: readonly string[] = ['.csv', '.tsv', '.xlsx', '.jsonl']

/** 10,000 rows with a picture each are some 200 MB. */
const MAX_BYTES = 300_000_000

export interface SheetFile {
  /** The copy. */
  file: string
  /** The folder of the original, with links followed. */
  folder: string
}

/**
 * Hands a copy of the sheet at `found` to `use`, and deletes it afterwards.
 * @throws AppError `invalid_input` for anything but a sheet that is a regular file without a hidden folder on its way.
 */
export async function withPrivateCopy<T>(found: string, use: (sheet: SheetFile) => Promise<T>): Promise<T> {
  const real = await realpath(found).catch(cannotRead(found))
  for (const each of [path.resolve(found), real]) checkPath(each, found)
  const folder = await mkdtemp(path.join(tmpdir(), 'mcp-1688-import-'))
  try {
    const file = path.join(folder, `sheet${path.extname(real).toLowerCase()}`)
    await copy(real, file)
    return await use({ file, folder: path.dirname(real) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function checkPath(file: string, written: string): void {
  const ending = path.extname(file).toLowerCase()
  if (!ENDINGS.includes(ending)) {
    throw invalidInput(
      `${quoted(written)} is not named like a sheet.`,
      `Pass the path of a file that ends in ${ENDINGS.join(', ')}; save other spreadsheets as XLSX or CSV first.`,
    )
  }
  if (file.split(path.sep).some(part => part.startsWith('.'))) {
    throw invalidInput(
      `${quoted(written)} is a hidden file, or lies in a hidden folder.`,
      'Ask the person to copy the sheet to a folder such as Documents, and pass that path.',
    )
  }
}

async function copy(from: string, to: string): Promise<void> {
  // The real path has no links, so NOFOLLOW catches one created in between; NONBLOCK keeps a pipe from hanging.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const source = await open(from, flags).catch(cannotRead(from))
  try {
    const { size, ...stats } = await source.stat()
    if ((stats.mode & constants.S_IFMT) !== constants.S_IFREG) throw unreadable('not a regular file')
    if (size > MAX_BYTES) throw unreadable(`a file of more than ${MAX_BYTES / 1_000_000} MB`)
    const target = await open(to, 'wx', 0o600)
    if (size === 0) return await target.close()
    await pipeline(source.createReadStream({ start: 0, end: size - 1, autoClose: false }), target.createWriteStream())
  } finally {
    await source.close()
  }
}

/** For a link to nowhere, or a file of somebody else. */
function cannotRead(file: string): (cause: unknown) => never {
  return cause => {
    throw invalidInput(
      `Cannot read the file ${quoted(file)}.`,
      'Check the path and the permissions of the file.',
      cause,
    )
  }
}
