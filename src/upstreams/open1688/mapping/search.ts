/** Translates search results of the 1688 Open Platform. Field names: its public documentation. */
import { parseCount } from '../../../offers/count.ts'
import type { OfferSummary } from '../../../offers/offer.ts'
import { parsePlace } from '../../../offers/place/place.ts'
import type { Price } from '../../../offers/price/price.ts'
import { parsePrice } from '../../../offers/price/price.ts'
import {
  asField,
  asInteger,
  asObject,
  asOfferId,
  asPictureUrl,
  asTitle,
  type JsonObject,
  needObject,
  needRows,
  parseRows,
  upstreamChanged,
} from '../../json-readers.ts'
import type { OfferPage, PageQuery } from '../../port.ts'
import { knownEvidence, readEvidence } from './evidence.ts'

/** Must not contain a space, see ../picture-handle.ts. */
const PICTURE_ID = /^[\w.=+/:-]{1,200}$/

/**
 * Reads `result.result`, or `result` itself as some clients do.
 * @returns `null` for "0", "" and no ID at all, which mean that the platform could not use the picture.
 * @throws AppError `upstream_changed`.
 */
export function parsePictureId(body: unknown): string | null {
  const { result } = needObject(body, 'the body')
  const inner = asObject(result)?.result
  const value = asObject(result) === null ? result : inner
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (id === undefined || id === null || id === '' || id === '0') return null
  if (typeof id === 'string' && PICTURE_ID.test(id)) return id
  throw upstreamChanged('result.result', 'a picture ID')
}

/** @param body of `imageQuery` or `keywordQuery`. @throws AppError `upstream_changed`. */
export function parseQueryPage(body: unknown, query: PageQuery): OfferPage {
  const outer = needObject(body, 'the body')
  const result = 'result' in outer && outer.result === null ? { result: null } : needObject(outer.result, 'result')
  const data = 'result' in result && result.result === null ? NO_ROWS : needObject(result.result, 'result.result')
  const rows = needRows(data, 'data', 'result.result.data', ['totalRecords', 'totalPage', 'currentPage'])
  const totalFound = asInteger(data.totalRecords, 0)
  return {
    offers: parseRows(rows, 'result.result.data', offerOfQuery),
    totalFound,
    hasMore: hasMore(rows, totalFound, query) ?? hasMorePages(asInteger(data.totalPage, 0), query),
  }
}

/** @param body of `similarOffers`. @throws AppError `upstream_changed`. */
export function parseSimilarPage(body: unknown, query: PageQuery): OfferPage {
  const outer = needObject(body, 'the body')
  const data = 'result' in outer && outer.result === null ? NO_ROWS : needObject(outer.result, 'result')
  const rows = needRows(data, 'result', 'result.result', ['total'])
  const totalFound = asInteger(data.total, 0)
  return {
    offers: parseRows(rows, 'result.result', similarOffer),
    totalFound,
    hasMore: hasMore(rows, totalFound, query),
    // The API has neither filters nor an order.
    applied: {},
  }
}

/** Stands for a page that is null as a whole. */
const NO_ROWS: JsonObject = { data: null, result: null }

/** By the number of offers: that of pages counts in another page size (live bodies name 2 pages for 12 of 12 offers). */
function hasMore(rows: readonly unknown[], totalFound: number | null, { page, pageSize }: PageQuery): boolean | null {
  if (rows.length === 0) return false
  return totalFound === null ? null : page * pageSize < totalFound
}

function hasMorePages(totalPages: number | null, { page }: PageQuery): boolean | null {
  return totalPages === null ? null : page < totalPages
}

/** The listed price rather than a promotion's, which ends. */
export function priceOf(fields: JsonObject | null): Price | null {
  return parsePrice(fields?.price) ?? parsePrice(fields?.promotionPrice)
}

/** Where there is a title to translate. */
export function translationOf({ subject, subjectTrans }: JsonObject): { titleTranslated?: string } {
  const [title, titleTranslated] = [asTitle(subject), asTitle(subjectTrans)]
  return title === null || titleTranslated === null || titleTranslated === title ? {} : { titleTranslated }
}

function offerOfQuery(row: JsonObject): OfferSummary | null {
  const offerId = asOfferId(row.offerId)
  const title = asTitle(row.subject) ?? asTitle(row.subjectTrans)
  if (offerId === null || title === null) return null
  const sold = parseCount(row.monthSold)
  return {
    offerId,
    title,
    ...translationOf(row),
    price: priceOf(asObject(row.priceInfo)),
    moq: asInteger(row.minOrderQuantity, 1),
    unit: null,
    shopName: asField(row.companyName),
    ...parsePlace(asField(row.companyAddress)),
    imageUrl: asPictureUrl(row.imageUrl),
    ...knownEvidence(readEvidence(row, sold && { ...sold, days: 30 })),
  }
}

function similarOffer(row: JsonObject): OfferSummary | null {
  const offerId = asOfferId(row.offerId)
  const title = asTitle(row.subject)
  if (offerId === null || title === null) return null
  return {
    offerId,
    title,
    price: priceOfFen(row.oldPrice),
    moq: asInteger(row.quantityBegin, 1),
    unit: asField(row.unit),
    shopName: null,
    ...parsePlace(asField(row.province), asField(row.city)),
    imageUrl: asPictureUrl(row.imageUrl),
  }
}

/** linkplus gives prices in fen: 1010 is 10.10 CNY. */
function priceOfFen(value: unknown): Price | null {
  const fen = asInteger(value, 1)
  return fen === null ? null : parsePrice((fen / 100).toFixed(2))
}
