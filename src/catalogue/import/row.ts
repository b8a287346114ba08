import { AppError } from '../../errors.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { deriveOwnId } from '../../offers/id/own-id.ts'
import type { OfferSummary } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import { GROUPING_COMMA, type Price, parsePrice } from '../../offers/price/price.ts'
import { cleanText, FIELD_MAX_CHARS, quoted, TITLE_MAX_CHARS } from '../../offers/text.ts'
import type { ImportField } from './columns.ts'
import { findPictureFile } from './picture-file.ts'

/** "Unknown" or "ask me" in a price or quantity. */
const UNKNOWN = /^(?:|[¥￥]?0(?:\.0+)?元?|-+|—+|\/|n\/?a|null|none|unknown|[面电]议|询价|待定|未知|无)$/i

export type Cells = ReadonlyMap<ImportField, unknown>

/**
 * The ID comes from the ID or link column. Without either, it is derived (own-id.ts) from the article number or else
 * from title and picture, so that importing the file again creates no duplicates.
 * @param folder which picture paths are relative to, and must not leave.
 * @throws AppError `invalid_input` that says what is wrong with the row.
 */
export async function readOfferRow(cells: Cells, folder: string): Promise<OfferSummary> {
  const textOf = (field: ImportField): string => asText(cells.get(field))
  const title = cleanText(textOf('title'), TITLE_MAX_CHARS)
  if (title === null) return fail('No title.')
  const imageUrl = await readPicture(textOf('image'), folder)
  return {
    offerId: readId(textOf),
    title,
    price: readPrice(textOf('price')),
    moq: readMoq(textOf('moq')),
    unit: cleanText(textOf('unit'), FIELD_MAX_CHARS),
    shopName: cleanText(textOf('shop_name'), FIELD_MAX_CHARS),
    ...parsePlace(textOf('province'), textOf('place'), textOf('city')),
    imageUrl,
  }
}

/**
 * A spreadsheet's number may carry the many digits of a formula, so it is rounded to four decimals, the most that a
 * price has. The apostrophe that keeps a spreadsheet from reading text as a formula (export.ts adds it) is removed.
 */
function asText(cell: unknown): string {
  if (Array.isArray(cell)) return asText(cell[0])
  if (typeof cell === 'number') return String(Number(cell.toFixed(4)))
  if (typeof cell !== 'string') return ''
  return cell.trim().replace(/^'(?=[=+\-@＝＋－＠])/, '')
}

function readId(textOf: (field: ImportField) => string): string {
  const id = textOf('offer_id')
  return id === '' ? (idOfLink(textOf('link')) ?? deriveOwnId(identityOf(textOf))) : parseOfferId(id)
}

/** `null` for other links, for example to the user's own shop. */
function idOfLink(link: string): string | null {
  try {
    return parseOfferId(link)
  } catch {
    return null
  }
}

function identityOf(textOf: (field: ImportField) => string): string {
  const sku = textOf('sku')
  return JSON.stringify(sku === '' ? ['title and picture', textOf('title'), textOf('image')] : ['sku', sku])
}

function readPrice(text: string): Price | null {
  if (UNKNOWN.test(text)) return null
  return parsePrice(text) ?? fail(`Not a valid CNY price: ${quoted(text)} (expected, for example, 2.85 or 2.88-25.65).`)
}

/** `2`, `≥2`, `2件起批`, `1,000 pcs`. */
function readMoq(text: string): number | null {
  if (UNKNOWN.test(text)) return null
  const match = /^[^\d.-]{0,4}(\d{1,9})(?:\.0+)?[^\d.-]{0,12}$/.exec(
    text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll(GROUPING_COMMA, ''),
  )
  const moq = Number(match?.[1])
  return moq >= 1 ? moq : fail(`Not a valid minimum order quantity: ${quoted(text)} (expected a whole number).`)
}

/** The first picture of the cell: an address, or an existing file under `folder` as a file: URL. */
async function readPicture(text: string, folder: string): Promise<string> {
  if (text === '') fail('No picture.')
  const [address] = /^(?:https?:)?\/\/(?:(?!,(?:https?:)?\/\/)[^\s;|，；])+/i.exec(text) ?? []
  if (address !== undefined) {
    const url = address.startsWith('//') ? `https:${address}` : address
    return URL.canParse(url) ? new URL(url).href : fail(`Not a valid picture address: ${quoted(address)}.`)
  }
  const isOtherScheme = /^[a-z][a-z\d+.-]+:/i.test(text) && !/^file:/i.test(text)
  if (isOtherScheme) fail(`Picture is neither an http(s) address nor a file: ${quoted(text)}.`)
  return await findPictureFile(text, folder)
}

function fail(message: string): never {
  throw new AppError({ code: 'invalid_input', message, hint: 'Correct the row and import the file again.' })
}
