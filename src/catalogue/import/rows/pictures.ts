/** The pictures of a row: addresses, files that it names or that are named like it, and pictures inside the sheet. */
import path from 'node:path'
import { AppError } from '../../../errors.ts'
import { MAX_PHOTOS, photosOf } from '../../../offers/offer.ts'
import { quoted } from '../../../offers/text.ts'
import type { Cell, SheetPicture } from '../../../sheets/read/table.ts'
import { PHOTO_FIELDS } from '../columns/names.ts'
import type { NamedPictures } from '../named-pictures.ts'
import { findPictureFile } from '../picture-file.ts'
import type { SentFolder } from '../sent-pictures.ts'
import { asText, type Cells, failRow } from './cell-text.ts'

/** `cbu01.alicdn.com/img/a.jpg`. */
const BARE_HOST = /^(?:[a-z\d-]+\.)+(?:com|cn|net|org)\/\S/i

/** Ends where the next one of a list begins. */
const ADDRESS = String.raw`(?:https?:)?//(?:(?!,(?:https?:)?//)[^\s;|"，；“”])+`

/** @returns the address of a picture that lies inside the sheet. @throws AppError if it is unreadable. */
export type KeepSheetPicture = (picture: SheetPicture) => Promise<string>

export interface PictureContext {
  /** The folder which picture paths are relative to, and must not leave, or the files that were sent with the sheet. */
  files: string | SentFolder
  keepPicture: KeepSheetPicture
  /** Whether the file: URL is that of a picture which an earlier sheet brought. */
  isKept(address: string): Promise<boolean>
  /** Files of the folder that are named like rows. */
  named: NamedPictures
}

export interface RowPictures {
  imageUrl: string
  /** Whether the row shows or names none, and the files are those that are named like it. */
  isByName: boolean
  photos: string[] | undefined
  /** Which pictures could not be read although the row has another. */
  notes: string[]
}

/**
 * By columns: of each what its cell names, then what lies in it. Then come the pictures of the row's other cells, and
 * last the files that are named like the row.
 * @param others the pictures that lie in cells of no column of pictures, or float over them.
 * @param names what files of the row may be called.
 * @throws AppError `invalid_input` if the row has none that can be read.
 */
export async function readRowPictures(
  cells: Cells,
  others: readonly SheetPicture[],
  names: readonly string[],
  context: PictureContext,
): Promise<RowPictures> {
  const columns = [cells.get('image'), ...PHOTO_FIELDS.map(field => cells.get(field))]
  const keepInside = createRowKeeper(context.keepPicture)
  const byName = await readNamedLike(names, context)
  const stated: Attempt[] = []
  for (const cell of columns) {
    stated.push(...(await readNamed(cell, context)), ...(await keepInside(cell?.pictures ?? [])))
  }
  stated.push(...(await keepInside(others)))
  const read = [...stated, ...byName]
  const pictures = read.flatMap(result => ('address' in result ? [result.address] : []))
  const problems = read.flatMap(result => ('problem' in result ? [result.problem] : []))
  const [imageUrl] = pictures
  if (imageUrl !== undefined) {
    const isByName = !stated.some(result => 'address' in result)
    return { imageUrl, isByName, photos: photosOf(imageUrl, pictures), notes: problems }
  }
  const shown = cells.get('image')?.problem
  return failRow(problems[0] ?? (shown === undefined ? 'No picture.' : `No picture: ${shown}.`))
}

type Attempt = { address: string } | { problem: string }

/** The name of the file that a text names, with and without what looks like its ending; none of an address. */
export function fileNames(text: string): string[] {
  if (/^(?:https?:)?\/\//i.test(text) || BARE_HOST.test(text)) return []
  const { base, name } = path.posix.parse(text.replaceAll('\\', '/'))
  return [base, name]
}

async function readNamedLike(names: readonly string[], { files: folder, named }: PictureContext): Promise<Attempt[]> {
  if (typeof folder !== 'string') return []
  const { files, problems } = named.of(names)
  const read = await Promise.all(files.map(file => attempt(() => findPictureFile(file, folder))))
  return [...read, ...problems.map(problem => ({ problem }))]
}

async function attempt(read: () => Promise<string>): Promise<Attempt> {
  try {
    return { address: await read() }
  } catch (error) {
    // A full disk concerns every row.
    if (error instanceof AppError && error.code !== 'store_unavailable') return { problem: error.message }
    throw error
  }
}

/** As many as an offer can have; the rest are not read. */
function createRowKeeper(keep: KeepSheetPicture): (pictures: readonly SheetPicture[]) => Promise<Attempt[]> {
  const seen = new Set<string>()
  return async pictures => {
    const kept: Attempt[] = []
    for (const picture of pictures) {
      if (seen.has(picture.name) || seen.size > MAX_PHOTOS) continue
      seen.add(picture.name)
      kept.push(await attempt(() => keep(picture)))
    }
    return kept
  }
}

/** Keeps a picture once, though many rows may show it. */
export function createPictureKeeper(keep: (bytes: Uint8Array) => Promise<string>): KeepSheetPicture {
  const addresses = new Map<string, string>()
  return async picture => {
    const known = addresses.get(picture.name)
    if (known !== undefined) return known
    try {
      const address = await keep(await picture.read())
      addresses.set(picture.name, address)
      return address
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'store_unavailable') throw error
      return failRow(`A picture could not be read: ${error.message}`)
    }
  }
}

/** What the cell names as a picture: its link counts more than the words that are shown for it. */
export function pictureText(cell: Cell | undefined): string {
  const text = asText(cell?.value)
    .replace(/^!\[[^\]]*\]\(([^)\s]+)\)$/, '$1')
    .replaceAll(/^["“]|["”]$/g, '')
  return cell?.link === undefined || /^(?:https?:)?\/\//i.test(text) ? text : cell.link.trim()
}

/** What the cell names: one address or several, or an existing file under `folder` as a file: URL. */
async function readNamed(cell: Cell | undefined, context: PictureContext): Promise<Attempt[]> {
  const text = pictureText(cell)
  if (text === '') return []
  const named = BARE_HOST.test(text) ? `//${text}` : text
  const listed = Array.isArray(cell?.value) ? cell.value.map(asText).join(' ') : asText(cell?.value)
  const first = new RegExp(`^${ADDRESS}`, 'i').exec(named)?.[0]
  const others = listed.match(new RegExp(ADDRESS, 'gi')) ?? []
  if (first === undefined) return [await attempt(() => readFile(text, context))]
  return Promise.all([first, ...others].map(address => attempt(async () => asPictureUrl(address))))
}

async function readFile(text: string, { files, isKept, keepPicture, named }: PictureContext): Promise<string> {
  const isOtherScheme = /^[a-z][a-z\d+.-]+:/i.test(text) && !/^file:/i.test(text)
  if (isOtherScheme) failRow(`Picture is neither an http(s) address nor a file: ${quoted(text)}.`)
  if (typeof files !== 'string') {
    const sent = files.find(text)
    return sent === undefined ? failRow(`Picture was not sent with the sheet: ${quoted(text)}.`) : keepPicture(sent)
  }
  if (await isKept(text)) return text
  try {
    return await findPictureFile(text, files)
  } catch (error) {
    // A name without its ending, or a path on another computer.
    const file = named.find(fileNames(text))
    if (file === null) throw error
    return findPictureFile(file, files)
  }
}

function asPictureUrl(address: string): string {
  const listed = address.replace(/,+$/, '')
  const url = listed.startsWith('//') ? `https:${listed}` : listed
  return URL.canParse(url) ? new URL(url).href : failRow(`Not a valid picture address: ${quoted(address)}.`)
}
