import { AppError } from '../../errors.ts'
import { parseOfferId } from '../../offers/id/offer-id.ts'
import { deriveOwnId } from '../../offers/id/own-id.ts'
import { type OfferSummary, photosOf } from '../../offers/offer.ts'
import { parsePlace } from '../../offers/place/place.ts'
import { formatMillionths, toCny, toMillionths } from '../../offers/price/decimal.ts'
import { GROUPING_COMMA, type Price } from '../../offers/price/price.ts'
import { cleanText, FIELD_MAX_CHARS, quoted, TITLE_MAX_CHARS } from '../../offers/text.ts'
import type { Cell } from '../../sheets/read/table.ts'
import { type ImportField, PHOTO_FIELDS } from './columns.ts'
import { findPictureFile } from './picture-file.ts'
import type { DecimalMark } from './values/habit.ts'
import { readMoqCell } from './values/moq-cell.ts'
import { currencyIn, namesCny, readPriceCell } from './values/price-cell.ts'

/** Excel keeps 15 digits of a number. */
const MAX_EXACT_NUMBER = 999_999_999_999_999

/** `cbu01.alicdn.com/img/a.jpg`. */
const BARE_HOST = /^(?:[a-z\d-]+\.)+(?:com|cn|net|org)\/\S/i

/** Ends where the next one of a list begins. */
const ADDRESS = String.raw`(?:https?:)?//(?:(?!,(?:https?:)?//)[^\s;|，；])+`

export type Cells = ReadonlyMap<ImportField, Cell>

/** What the rest of the sheet and the user say about its cells. */
export interface RowContext {
  /** The folder which picture paths are relative to, and must not leave; `null` if the sheet may name no file. */
  folder: string | null
  mark: DecimalMark
  /** Of the price column's name. */
  currency: string | null
  /** CNY for one unit of a currency. */
  rates: Readonly<Record<string, number>>
}

export interface ReadRow {
  offer: OfferSummary
  /** What is unknown although the row says something. */
  notes: string[]
}

/**
 * The ID comes from the ID or link column. Without either, it is derived (own-id.ts) from the article number or else
 * from title and picture, so that importing the file again creates no duplicates.
 * A price, quantity or ID that cannot be read is unknown, and noted.
 * @throws AppError `invalid_input` that says what is wrong with the row.
 */
export async function readOfferRow(cells: Cells, context: RowContext): Promise<ReadRow> {
  const textOf = (field: ImportField): string => asText(cells.get(field)?.value)
  const title = cleanText(textOf('title'), TITLE_MAX_CHARS)
  if (title === null) return fail('No title.')
  const imageUrl = await readPicture(cells.get('image'), context.folder)
  const photos = photosOf(imageUrl, await readPhotos(cells, context.folder))
  const id = readId(cells, textOf)
  const { price, problem: priceProblem, ...pricing } = readPrice(cells.get('price'), textOf, context)
  const { moq, problem: moqProblem } = readMoqCell(textOf('moq'), context.mark)
  const notes = [
    id.note,
    priceProblem && `Price unknown: it ${priceProblem}.`,
    moqProblem && `Minimum order unknown: it ${moqProblem}.`,
  ].filter(note => note !== null)
  const offer = {
    offerId: id.offerId,
    title,
    price,
    ...pricing,
    moq,
    unit: cleanText(textOf('unit'), FIELD_MAX_CHARS),
    shopName: cleanText(textOf('shop_name'), FIELD_MAX_CHARS),
    ...parsePlace(textOf('province'), textOf('place'), textOf('city')),
    imageUrl,
    ...(photos ? { photos } : {}),
  }
  return { offer, notes }
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

interface ReadId {
  offerId: string
  note: string | null
}

function readId(cells: Cells, textOf: (field: ImportField) => string): ReadId {
  const cell = cells.get('offer_id')
  const linked = idOfLink(cells.get('link')?.link ?? textOf('link'))
  // Spreadsheets and chats put these before a number that shall stay text.
  const text = textOf('offer_id').replace(/^[\t'`‘’]+/, '')
  const isRounded = typeof cell?.value === 'number' && cell.value > MAX_EXACT_NUMBER
  const id = isRounded ? null : idOfLink(cell?.link ?? text.replaceAll(GROUPING_COMMA, ''))
  if (id !== null) return { offerId: id, note: null }
  const isEmpty = cell?.link === undefined && /^(?:|0|-+|—+|n\/?a|#n\/a)$/i.test(text)
  const why = isRounded
    ? 'The offer ID is a number that the spreadsheet rounded to 15 digits (enter it as text)'
    : `${quoted(text)} is not an ID of 1688`
  const note = isEmpty ? null : `${why}; the offer has an ID of its own.`
  return { offerId: linked ?? deriveOwnId(identityOf(cells, textOf)), note }
}

/** `null` for other links, for example to the user's own shop. */
function idOfLink(link: string): string | null {
  try {
    return parseOfferId(link)
  } catch {
    return null
  }
}

/** `ABC-123` in the column of IDs; not 7.91912E+11, which many numbers look like once a spreadsheet has shortened them. */
function articleNumberIn(text: string): string {
  return /[a-z]/i.test(text) && !/^\d+(?:\.\d+)?e\+?\d+$|^n\/?a$|^#/i.test(text) ? text : ''
}

function identityOf(cells: Cells, textOf: (field: ImportField) => string): string {
  const sku = textOf('sku') || articleNumberIn(textOf('offer_id'))
  const picture = pictureText(cells.get('image'))
  return JSON.stringify(sku === '' ? ['title and picture', textOf('title'), picture] : ['sku', sku])
}

type Pricing = Pick<OfferSummary, 'price' | 'priceTiers' | 'quoted'> & { problem: string | null }

function readPrice(
  cell: Cell | undefined,
  textOf: (field: ImportField) => string,
  { mark, currency: ofColumn, rates }: RowContext,
): Pricing {
  if (cell?.problem !== undefined) return { price: null, problem: `could not be read: ${cell.problem}` }
  const text = textOf('price')
  const { price, tiers, problem, currency: ofCell } = readPriceCell(text, mark)
  // The cell knows better than its format, and this than the column.
  const around =
    currencyIn(cell?.format ?? '') ?? currencyIn(textOf('currency')) ?? (namesCny(textOf('currency')) ? null : ofColumn)
  const currency = ofCell ?? (namesCny(text) ? null : around)
  const steps = tiers.length > 0 ? { priceTiers: tiers } : {}
  if (currency === null || price === null) return { price, ...steps, quoted: null, problem }
  const rate = rates[currency]
  const quoted = { text: price.text, currency }
  if (rate === undefined) return { price: null, quoted, problem }
  const converted = tiers.map(tier => ({ ...tier, price: inCny(tier.price, rate) }))
  return { price: inCny(price, rate), ...(tiers.length > 0 ? { priceTiers: converted } : {}), quoted, problem }
}

function inCny(price: Price, rate: number): Price {
  const ends = [price.min, price.max].map(end => formatMillionths(toCny(toMillionths(end), toMillionths(rate))))
  const [min = '', max = min] = ends
  return { text: min === max ? min : `${min}-${max}`, min: Number(min), max: Number(max) }
}

/** What the cell names as a picture: its link counts more than the words that are shown for it. */
function pictureText(cell: Cell | undefined): string {
  const text = asText(cell?.value)
    .replace(/^!\[[^\]]*\]\(([^)\s]+)\)$/, '$1')
    .replace(/^["“]|["”]$/g, '')
  return cell?.link === undefined || /^(?:https?:)?\/\//i.test(text) ? text : cell.link.trim()
}

/** The first picture of the cell: an address, or an existing file under `folder` as a file: URL. */
async function readPicture(cell: Cell | undefined, folder: string | null): Promise<string> {
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
  if (folder === null) fail(`Picture is a file of another computer: ${quoted(text)}. Use http(s) addresses.`)
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
