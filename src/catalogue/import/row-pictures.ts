/** The pictures of a row: addresses, files that it names, and pictures that lie inside the sheet. */
import { AppError } from '../../errors.ts'
import { MAX_PHOTOS, photosOf } from '../../offers/offer.ts'
import { quoted } from '../../offers/text.ts'
import type { Cell, SheetPicture } from '../../sheets/read/table.ts'
import { asText, type Cells, failRow } from './cell-text.ts'
import { PHOTO_FIELDS } from './columns.ts'
import { findPictureFile } from './picture-file.ts'

/** `cbu01.alicdn.com/img/a.jpg`. */
const BARE_HOST = /^(?:[a-z\d-]+\.)+(?:com|cn|net|org)\/\S/i

/** Ends where the next one of a list begins. */
const ADDRESS = String.raw`(?:https?:)?//(?:(?!,(?:https?:)?//)[^\s;|"，；“”])+`

/** @returns the address of a picture that lies inside the sheet. @throws AppError if it is unreadable. */
export type KeepSheetPicture = (picture: SheetPicture) => Promise<string>

export interface PictureContext {
  /** The folder which picture paths are relative to, and must not leave; `null` if the sheet may name no file. */
  folder: string | null
  keepPicture: KeepSheetPicture
}

export interface RowPictures {
  imageUrl: string
  photos: string[] | undefined
  /** About pictures that could not be read although the row has another. */
  notes: string[]
}

/**
 * What the cell of the picture names comes first, then what lies inside the sheet, then other cells.
 * @param inside the pictures that lie in the row or float over it.
 * @throws AppError `invalid_input` if the row has none that can be read.
 */
export async function readRowPictures(
  cells: Cells,
  inside: readonly SheetPicture[],
  context: PictureContext,
): Promise<RowPictures> {
  const cell = cells.get('image')
  const named = pictureText(cell) === '' ? null : await attempt(() => readNamed(cell, context.folder))
  const kept = await keepAll(inside, context.keepPicture)
  const read = [...(named ? [named] : []), ...kept]
  const pictures = read.flatMap(result => ('address' in result ? [result.address] : []))
  const problems = read.flatMap(result => ('problem' in result ? [result.problem] : []))
  const [imageUrl] = pictures
  if (imageUrl === undefined) {
    return failRow(problems[0] ?? (cell?.problem === undefined ? 'No picture.' : `No picture: ${cell.problem}.`))
  }
  const photos = photosOf(imageUrl, [...pictures, ...(await readPhotos(cells, context.folder))])
  const unused = inside.length - kept.length
  const left =
    unused > 0 ? [`Of the pictures in this row, ${unused} were left out: an offer has ${1 + MAX_PHOTOS}.`] : []
  return { imageUrl, photos, notes: [...problems, ...left] }
}

type Attempt = { address: string } | { problem: string }

async function attempt(read: () => Promise<string>): Promise<Attempt> {
  try {
    return { address: await read() }
  } catch (error) {
    // A full disk is no matter of one row.
    if (error instanceof AppError && error.code !== 'store_unavailable') return { problem: error.message }
    throw error
  }
}

async function keepAll(pictures: readonly SheetPicture[], keep: KeepSheetPicture): Promise<Attempt[]> {
  const distinct = [...new Map(pictures.map(picture => [picture.name, picture])).values()]
  const kept: Attempt[] = []
  for (const picture of distinct.slice(0, 1 + MAX_PHOTOS)) kept.push(await attempt(() => keep(picture)))
  return kept
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
      return failRow(`A picture in the sheet could not be read: ${error.message}`)
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

/** The first picture that the cell names: an address, or an existing file under `folder` as a file: URL. */
async function readNamed(cell: Cell | undefined, folder: string | null): Promise<string> {
  const text = pictureText(cell)
  const named = BARE_HOST.test(text) ? `//${text}` : text
  const [address] = new RegExp(`^${ADDRESS}`, 'i').exec(named) ?? []
  if (address !== undefined) return asPictureUrl(address)
  const isOtherScheme = /^[a-z][a-z\d+.-]+:/i.test(text) && !/^file:/i.test(text)
  if (isOtherScheme) failRow(`Picture is neither an http(s) address nor a file: ${quoted(text)}.`)
  if (folder === null) failRow(`Picture is a file of another computer: ${quoted(text)}. Use http(s) addresses.`)
  return await findPictureFile(text, folder)
}

/** Further addresses in the cell of the picture, then the further columns of pictures. */
async function readPhotos(cells: Cells, folder: string | null): Promise<string[]> {
  const value = cells.get('image')?.value
  const listed = Array.isArray(value) ? value.map(asText).join(' ') : asText(value)
  const addresses = listed.match(new RegExp(ADDRESS, 'gi'))?.map(asPictureUrl) ?? []
  const named: string[] = []
  for (const field of PHOTO_FIELDS) {
    const cell = cells.get(field)
    if (pictureText(cell) !== '') named.push(await readNamed(cell, folder))
  }
  return [...addresses, ...named]
}

function asPictureUrl(address: string): string {
  const listed = address.replace(/,+$/, '')
  const url = listed.startsWith('//') ? `https:${listed}` : listed
  return URL.canParse(url) ? new URL(url).href : failRow(`Not a valid picture address: ${quoted(address)}.`)
}
