/** Picture files of a folder that are named like a row of the sheet: by its ID, its article number or its title. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { type AppError, invalidInput } from '../../errors.ts'
import { quoted } from '../../offers/text.ts'

const PICTURE_FILE = /\.(?:jpe?g|jfif|png|webp|gif|avif|hei[cf]|tiff?|bmp)$/i

/** Of pictures, and some 20 MB in memory: the folder of a sheet has fewer. */
const MAX_FILES = 100_000

/** Of those that share a name, a message names so many. */
const SHOWN_LINES = 3

export interface NamedRow {
  line: number
  /** What its files may be called, without ending. */
  names: readonly string[]
  /** What its cells say about files, which several rows may share. */
  stated: readonly string[]
  /** The same for rows of the same offer. */
  identity: string
}

export interface NamedPictures {
  /** Files of the row, relative to the folder, and why others that are named like it are not used. */
  of(names: readonly string[]): { files: readonly string[]; problems: readonly string[] }
  /** The file with the first of these names that only one file has. */
  find(names: readonly string[]): string | null
  /** Files that are named like no row. */
  unmatched: readonly string[]
}

export const NO_NAMED_PICTURES: NamedPictures = {
  of: () => ({ files: [], problems: [] }),
  find: () => null,
  unmatched: [],
}

/** By folded name, their paths relative to the folder. */
export type PictureFolder = ReadonlyMap<string, readonly string[]>

/** Hidden files and folders are left out; links to folders are not followed. @throws AppError `invalid_input`. */
export async function listPictures(folder: string): Promise<PictureFolder> {
  const files = new Map<string, string[]>()
  let count = 0
  for await (const file of picturesUnder(folder)) {
    count += 1
    if (count > MAX_FILES) throw tooMany(folder)
    const name = foldName(path.parse(file).name)
    files.set(name, [...(files.get(name) ?? []), file])
  }
  return files
}

async function* picturesUnder(folder: string, inside = ''): AsyncGenerator<string> {
  const entries = await readdir(path.join(folder, inside), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const file = path.join(inside, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) yield* picturesUnder(folder, file)
    else if (PICTURE_FILE.test(entry.name)) yield file
  }
}

/**
 * Case and the kind of separators do not matter. `name-2`, `name_2` and `name (2)` are further pictures of a row, unless
 * another row has just that name.
 * @param rows all of the sheet: only they tell whether a name is one row's alone.
 */
export async function matchPictures(folder: PictureFolder, rows: AsyncIterable<NamedRow>): Promise<NamedPictures> {
  const further = furtherNames([...folder.keys()])
  const claims = new Map<string, Claim>()
  const stated = new Set<string>()
  for await (const row of rows) {
    for (const name of foldedNames(row.stated)) if (folder.has(name)) stated.add(name)
    for (const name of foldedNames(row.names)) {
      if (folder.has(name) || further.has(name)) claims.set(name, claimed(claims.get(name), row))
    }
  }
  return {
    of(names) {
      const files = new Set<string>()
      const problems = new Set<string>()
      for (const name of foldedNames(names)) {
        const claim = claims.get(name)
        const found = [name, ...(further.get(name) ?? []).filter(each => !claims.has(each) && !stated.has(each))]
        for (const group of found.flatMap(each => [folder.get(each) ?? []])) {
          const [file, other] = group
          if (file === undefined) continue
          if (claim?.isShared)
            problems.add(`Picture file ${quoted(file)} is named like lines ${linesOf(claim)}: not used.`)
          else if (other === undefined) files.add(file)
          else problems.add(`Picture files ${quoted(file)} and ${quoted(other)} have the same name: neither is used.`)
        }
      }
      return { files: [...files], problems: [...problems] }
    },
    find(names) {
      const groups = foldedNames(names).map(name => folder.get(name) ?? [])
      return groups.find(files => files.length === 1)?.[0] ?? null
    },
    unmatched: [...folder].flatMap(([name, files]) => {
      return claims.has(name) || claims.has(baseOf(name)) || stated.has(name) ? [] : files
    }),
  }
}

interface Claim {
  identity: string
  /** The first of them. */
  lines: readonly number[]
  /** Whether rows of different offers have the name. */
  isShared: boolean
}

function claimed(before: Claim | undefined, { line, identity }: NamedRow): Claim {
  if (before === undefined) return { identity, lines: [line], isShared: false }
  if (before.identity === identity && !before.isShared) return before
  const lines = before.lines.length < SHOWN_LINES + 1 ? [...before.lines, line] : before.lines
  return { ...before, lines, isShared: true }
}

function linesOf({ lines }: Claim): string {
  const shown = lines.slice(0, SHOWN_LINES)
  const last = lines.length > SHOWN_LINES ? 'others' : String(shown.pop())
  return `${shown.join(', ')} and ${last}`
}

/** By the name that they are a further picture of, in the order of their numbers. */
function furtherNames(names: readonly string[]): Map<string, string[]> {
  const further = new Map<string, string[]>()
  for (const name of names) {
    const base = baseOf(name)
    if (base !== name) further.set(base, [...(further.get(base) ?? []), name])
  }
  const numberOf = (name: string) => Number(name.slice(name.lastIndexOf('-') + 1))
  for (const [base, each] of further)
    further.set(
      base,
      each.toSorted((a, b) => numberOf(a) - numberOf(b)),
    )
  return further
}

function baseOf(name: string): string {
  return name.replace(/-\d{1,2}$/, '')
}

function foldedNames(names: readonly string[]): string[] {
  return names.map(foldName).filter(name => name !== '')
}

/** Separators stay apart from nothing: `12-3` and `1-23` are different articles. */
function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s\p{P}\p{S}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
}

function tooMany(folder: string): AppError {
  return invalidInput(
    `${quoted(folder)} holds more than ${MAX_FILES} picture files.`,
    'Pass the folder that the pictures of this sheet lie in, with --pictures.',
  )
}
