import { AppError } from '../../errors.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { deriveOwnId } from '../../offers/id/own-id.ts'
import { type OfferSummary, photosOf } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import { GROUPING_COMMA, type Price, parsePrice } from '../../offers/price/price.ts'
import { cleanText, FIELD_MAX_CHARS, quoted, TITLE_MAX_CHARS } from '../../offers/text.ts'
import type { Cell } from '../../sheets/read/table.ts'
import { type ImportField, PHOTO_FIELDS } from './columns.ts'
import { findPictureFile } from './picture-file.ts'

/** "Unknown" or "ask me" in a price or quantity. */
const UNKNOWN = /^(?:|[¥￥]?0(?:\.0+)?元?|-+|—+|\/|n\/?a|null|none|unknown|[面电]议|询价|待定|未知|无)$/i

/** Excel keeps 15 digits of a number. */
const MAX_EXACT_NUMBER = 999_999_999_999_999

/** A number format with the sign of a currency other than CNY: `"$"#,##0.00`, `[$€-407] 0.00`, `[$USD] 0.00`. */
const FOREIGN_FORMAT = /[€£₩₹₽]|\$(?!-|¥|￥|CNY|RMB|[^\]]*-804)|USD|EUR|GBP|JPY/

/** `cbu01.alicdn.com/img/a.jpg`. */
const BARE_HOST = /^(?:[a-z\d-]+\.)+(?:com|cn|net|org)\/\S/i

/** Ends where the next one of a list begins. */
const ADDRESS = String.raw`(?:https?:)?//(?:(?!,(?:https?:)?//)[^\s;|，；])+`

export type Cells = ReadonlyMap<ImportField, Cell>

/**
 * The ID comes from the ID or link column. Without either, it is derived (own-id.ts) from the article number or else
 * from title and picture, so that importing the file again creates no duplicates.
 * @param folder which picture paths are relative to, and must not leave.
 * @throws AppError `invalid_input` that says what is wrong with the row.
 */
export async function readOfferRow(cells: Cells, folder: string): Promise<OfferSummary> {
  const textOf = (field: ImportField): string => asText(cells.get(field)?.value)
  const title = cleanText(textOf('title'), TITLE_MAX_CHARS)
  if (title === null) return fail('No title.')
  const imageUrl = await readPicture(cells.get('image'), folder)
  const photos = photosOf(imageUrl, await readPhotos(cells, folder))
  return {
    offerId: readId(cells, textOf),
    title,
    price: readPrice(cells.get('price'), textOf('price')),
    moq: readMoq(textOf('moq')),
    unit: cleanText(textOf('unit'), FIELD_MAX_CHARS),
    shopName: cleanText(textOf('shop_name'), FIELD_MAX_CHARS),
    ...parsePlace(textOf('province'), textOf('place'), textOf('city')),
    imageUrl,
    ...(photos ? { photos } : {}),
  }
}

/**
 * A spreadsheet's number may carry the many digits of a formula, so it is rounded to four decimals, the most that a
 * price has. The apostrophe that keeps a spreadsheet from reading text as a formula (export.ts adds it) is removed.
 */
function asText(cell: unknown): string {
  if (Array.isArray(cell)) return asText(cell[0])
  if (typeof cell === 'number') return String(Number(cell.toFixed(4)))
  if (typeof cell === 'boolean') return String(cell).toUpperCase()
  if (typeof cell !== 'string') return ''
  const text = cell.trim()
  // ="791912182230" is how people keep a spreadsheet from rounding a long number.
  return (/^="([^"]*)"$/.exec(text)?.[1] ?? text).trim().replace(/^'(?=[=+\-@＝＋－＠])/, '')
}

function readId(cells: Cells, textOf: (field: ImportField) => string): string {
  const cell = cells.get('offer_id')
  if (typeof cell?.value === 'number' && cell.value > MAX_EXACT_NUMBER) {
    return fail('The offer ID is a number that the spreadsheet rounded to 15 digits. Enter it as text.')
  }
  // Spreadsheets and chats put these before a number that shall stay text.
  const id = textOf('offer_id').replace(/^[\t'`‘’]+/, '')
  if (id !== '') return parseOfferId(cell?.link ?? id)
  return idOfLink(cells.get('link')?.link ?? textOf('link')) ?? deriveOwnId(identityOf(cells, textOf))
}

/** `null` for other links, for example to the user's own shop. */
function idOfLink(link: string): string | null {
  try {
    return parseOfferId(link)
  } catch {
    return null
  }
}

function identityOf(cells: Cells, textOf: (field: ImportField) => string): string {
  const sku = textOf('sku')
  const picture = pictureText(cells.get('image'))
  return JSON.stringify(sku === '' ? ['title and picture', textOf('title'), picture] : ['sku', sku])
}

function readPrice(cell: Cell | undefined, text: string): Price | null {
  if (cell?.problem !== undefined) return fail(`No price: ${cell.problem}.`)
  if (FOREIGN_FORMAT.test(cell?.format ?? '')) {
    return fail(`Price in another currency than CNY: the spreadsheet shows ${text} as ${quoted(cell?.format ?? '')}.`)
  }
  if (UNKNOWN.test(text)) return null
  return parsePrice(text) ?? fail(`Not a valid CNY price: ${quoted(text)} (expected, for example, 2.85 or 2.88-25.65).`)
}

/** `2`, `≥2`, `2件起批`, `1,000 pcs`. */
function readMoq(text: string): number | null {
  if (UNKNOWN.test(text)) return null
  // Not 1.000, which is a thousand in half of the world. 万 are ten thousand.
  const match = /^[^\d.-]{0,4}(\d{1,9}(?:\.\d{1,2}(?!\d))?)(万|萬)?[^\d.万萬-]{0,12}$/.exec(
    text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll(GROUPING_COMMA, ''),
  )
  const moq = Math.round(Number(match?.[1]) * (match?.[2] === undefined ? 100 : 1_000_000)) / 100
  return Number.isInteger(moq) && moq >= 1
    ? moq
    : fail(`Not a valid minimum order quantity: ${quoted(text)} (expected a whole number).`)
}

/** What the cell names as a picture: its link counts more than the words that are shown for it. */
function pictureText(cell: Cell | undefined): string {
  const text = asText(cell?.value)
    .replace(/^!\[[^\]]*\]\(([^)\s]+)\)$/, '$1')
    .replace(/^["“]|["”]$/g, '')
  return cell?.link === undefined || /^(?:https?:)?\/\//i.test(text) ? text : cell.link.trim()
}

/** The first picture of the cell: an address, or an existing file under `folder` as a file: URL. */
async function readPicture(cell: Cell | undefined, folder: string): Promise<string> {
  const text = pictureText(cell)
  if (text === '' && cell?.pictures) {
    fail('The picture is inside the spreadsheet, and such pictures are not read yet. Save it as a file and name it.')
  }
  if (text === '') fail(cell?.problem === undefined ? 'No picture.' : `No picture: ${cell.problem}.`)
  const named = BARE_HOST.test(text) ? `//${text}` : text
  const [address] = new RegExp(`^${ADDRESS}`, 'i').exec(named) ?? []
  if (address !== undefined) return asPictureUrl(address)
  const isOtherScheme = /^[a-z][a-z\d+.-]+:/i.test(text) && !/^file:/i.test(text)
  if (isOtherScheme) fail(`Picture is neither an http(s) address nor a file: ${quoted(text)}.`)
  return await findPictureFile(text, folder)
}

/** Further addresses in the cell of the picture, then the further columns of pictures. */
async function readPhotos(cells: Cells, folder: string): Promise<string[]> {
  const value = cells.get('image')?.value
  const listed = Array.isArray(value) ? value.map(asText).join(' ') : asText(value)
  const addresses = listed.match(new RegExp(ADDRESS, 'gi'))?.map(asPictureUrl) ?? []
  const named: string[] = []
  for (const field of PHOTO_FIELDS) {
    const cell = cells.get(field)
    if (pictureText(cell) !== '') named.push(await readPicture(cell, folder))
  }
  return [...addresses, ...named]
}

function asPictureUrl(address: string): string {
  const listed = address.replace(/,+$/, '')
  const url = listed.startsWith('//') ? `https:${listed}` : listed
  return URL.canParse(url) ? new URL(url).href : fail(`Not a valid picture address: ${quoted(address)}.`)
}

function fail(message: string): never {
  throw new AppError({ code: 'invalid_input', message, hint: 'Correct the row and import the file again.' })
}
