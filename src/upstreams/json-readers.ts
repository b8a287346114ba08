/**
 * Reads upstream JSON: lenient in what it accepts (numbers arrive as strings, booleans as "true"), strict in what it
 * returns. A missing or mistyped field is `null`; a body of the wrong shape is an error that names the path.
 */
import { AppError } from '../errors.ts'
import { isOfferId } from '../offers/id/offer-id.ts'
import { cleanText, FIELD_MAX_CHARS, TITLE_MAX_CHARS } from '../offers/text.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** @throws AppError `upstream_changed` that names `path`. */
export function needObject(value: unknown, path: string): JsonObject {
  if (isObject(value)) return value
  throw upstreamChanged(path, 'an object')
}

/** @throws AppError `upstream_changed` that names `path`. */
export function needList(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw upstreamChanged(path, 'an array')
}

/**
 * Rows of a page: an empty page can come as an empty list, as null, or without the list.
 * @param pageFields fields that also show that `page` is one.
 * @throws AppError `upstream_changed` that names `path`.
 */
export function needRows(
  page: JsonObject,
  key: string,
  path: string,
  pageFields: readonly string[],
): readonly unknown[] {
  const rows = page[key]
  const isPage = [key, ...pageFields].some(field => field in page)
  return isPage && (rows === null || rows === undefined) ? [] : needList(rows, path)
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function asInteger(value: unknown, min: number, max = 1e9): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max ? number : null
}

export function asPositive(value: unknown, max: number): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && number > 0 && number <= max ? number : null
}

export function asBoolean(value: unknown): boolean | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === true || text === 'true') return true
  return text === false || text === 'false' ? false : null
}

/** For fields that are documented as booleans: as {@link asBoolean}, and 1 and 0. */
export function asFlag(value: unknown): boolean | null {
  const number = asInteger(value, 0, 1)
  return number === null ? asBoolean(value) : number === 1
}

/** At most 20 digits. */
export function asIdText(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null
  return typeof value === 'string' && /^\s*\d{1,20}\s*$/.test(value) ? value.trim() : null
}

export function asOfferId(value: unknown): string | null {
  const text = asIdText(value)
  return text !== null && isOfferId(text) ? text : null
}

export function asTitle(value: unknown): string | null {
  return cleanText(value, TITLE_MAX_CHARS)
}

export function asField(value: unknown): string | null {
  return cleanText(value, FIELD_MAX_CHARS)
}

/** At most 500 characters (1688's own URLs have about 100). Protocol-relative URLs get https. */
export function asPictureUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500) return null
  const text = value.trim().startsWith('//') ? `https:${value.trim()}` : value.trim()
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' ? url.href : null
}

/**
 * Leaves out rows that are null, and single rows for which `parseRow` returns `null`.
 * @throws AppError `upstream_changed` if it can read none of the others.
 */
export function parseRows<T>(rows: readonly unknown[], path: string, parseRow: (row: JsonObject) => T | null): T[] {
  const given = rows.filter(row => row !== null)
  const read = given.map(row => (isObject(row) ? parseRow(row) : null)).filter(row => row !== null)
  if (given.length > 0 && read.length === 0) throw upstreamChanged(`${path}[0]`, 'an offer with an ID and a title')
  return read
}

export function asPictures(value: unknown): string[] {
  return asList(value)
    .map(asPictureUrl)
    .filter(url => url !== null)
}

/** @param path in our own words: nothing of the body is repeated. */
export function upstreamChanged(path: string, expected: string): AppError {
  return new AppError({
    code: 'upstream_changed',
    message: `Unexpected response from the upstream: ${path} is not ${expected}.`,
    hint: 'Check that the base URL is correct; if it is, the API has changed and mcp-1688 needs an update.',
  })
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
