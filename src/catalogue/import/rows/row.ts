import { deriveLongOwnId, isLongOwnId, shortOwnId } from '../../../offers/id/own-id.ts'
import type { OfferSummary } from '../../../offers/offer.ts'
import { parsePlace } from '../../../offers/place/place.ts'
import { cleanText, FIELD_MAX_CHARS, quoted, TITLE_MAX_CHARS } from '../../../offers/text.ts'
import type { SheetPicture } from '../../../sheets/read/table.ts'
import type { ImportField } from '../columns/names.ts'
import type { UsedRate } from '../rates.ts'
import { asText, type Cells, failRow } from './cell-text.ts'
import { idOfCell, idOfLink, idText, isRounded, namesOf } from './names.ts'
import { type PictureContext, pictureText, readRowPictures } from './pictures.ts'
import type { StepCell } from './price.ts'
import { readTerms, type TermsContext } from './terms.ts'

/** How a spreadsheet shortens a long number: many look like it. */
const SHORTENED = /^\d+(?:[.,]\d+)?e\+?\d+$/i

/** What the rest of the sheet and the user say about its cells. */
export interface RowContext extends PictureContext, TermsContext {
  /** The catalogue's name: another catalogue may use the same article numbers. */
  catalogue: string | null
}

export interface ReadRow {
  offer: OfferSummary
  /** The ID under which an earlier version may have stored the offer. */
  formerId: string | null
  /** With which the price was turned into CNY; `null` if it was not. */
  rate: UsedRate | null
  /** What is unknown although the row says something. */
  notes: string[]
}

/**
 * The ID comes from the ID or link column. Without either, it is derived (own-id.ts) from the article number or else
 * from title and picture, so that importing the file again creates no duplicates.
 * A price, quantity or ID that cannot be read is unknown, and noted.
 * @throws AppError `invalid_input` that says what is wrong with the row.
 */
export async function readOfferRow(
  { cells, steps }: { cells: Cells; steps: readonly StepCell[] },
  pictures: readonly SheetPicture[],
  context: RowContext,
): Promise<ReadRow> {
  const textOf = (field: ImportField): string => asText(cells.get(field)?.value)
  const title = cleanText(textOf('title'), TITLE_MAX_CHARS)
  if (title === null) return failRow('No title.')
  const {
    imageUrl,
    isByName,
    photos,
    notes: pictureNotes,
  } = await readRowPictures(cells, pictures, namesOf(cells), context)
  // A file that is named like the row says nothing that the row does not.
  const picture = pictureText(cells.get('image')) || (isByName ? '' : imageUrl.slice(imageUrl.lastIndexOf('/') + 1))
  const id = readId(cells, textOf, identityOf(textOf, picture, context.catalogue))
  const { notes: priceNotes, rate, ...terms } = await readTerms(cells, steps, context)
  const notes = [...(id.note === null ? [] : [id.note]), ...priceNotes, ...pictureNotes]
  const offer = {
    offerId: id.offerId,
    title,
    ...terms,
    shopName: cleanText(textOf('shop_name'), FIELD_MAX_CHARS),
    ...parsePlace(textOf('province'), textOf('place'), textOf('city')),
    imageUrl,
    ...(photos ? { photos } : {}),
  }
  return { offer, formerId: id.formerId, rate, notes }
}

interface ReadId {
  offerId: string
  formerId: string | null
  note: string | null
}

/** @param identity what its made-up ID is derived from. */
function readId(cells: Cells, textOf: (field: ImportField) => string, identity: string): ReadId {
  const cell = cells.get('offer_id')
  const linked = idOfLink(cells.get('link')?.link ?? textOf('link'))
  const text = idText(cell)
  const id = idOfCell(cell)
  if (id !== null) return { ...(isLongOwnId(id) ? replaced(id) : { offerId: id, formerId: null }), note: null }
  const isEmpty = cell?.link === undefined && /^(?:|0|-+|—+|n\/?a|#n\/a)$/i.test(text)
  const why = isRounded(cell)
    ? 'The offer ID is a number that the spreadsheet rounded to 15 digits (enter it as text)'
    : `${quoted(text)} is not an ID of 1688`
  const note = isEmpty ? null : `${why}; the offer has an ID of its own.`
  return linked === null ? { ...replaced(deriveLongOwnId(identity)), note } : { offerId: linked, formerId: null, note }
}

function replaced(longId: string): Pick<ReadId, 'offerId' | 'formerId'> {
  return { offerId: shortOwnId(longId), formerId: longId }
}

/** `ABC-123` in the column of IDs; not 7.91912E+11. */
function articleNumberIn(text: string): string {
  return /[a-z]/i.test(text) && !SHORTENED.test(text) && !/^n\/?a$|^#/i.test(text) ? text : ''
}

/** @param picture the address or name in the cell, else the name by content. */
function identityOf(textOf: (field: ImportField) => string, picture: string, catalogue: string | null): string {
  const given = textOf('sku')
  const sku = (SHORTENED.test(given) ? '' : given) || articleNumberIn(textOf('offer_id'))
  const identity = JSON.stringify(sku === '' ? ['title and picture', textOf('title'), picture] : ['sku', sku])
  return catalogue === null ? identity : JSON.stringify([catalogue, identity])
}
