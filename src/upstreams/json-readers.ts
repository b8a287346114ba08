/**
 * Reads upstream JSON: lenient in what it accepts (numbers arrive as strings, booleans as "true"), strict in what it gives. A field
 * that is absent or of another kind is unknown; a body whose very shape is another is an error that names the path.
 */
import { AppError } from '../errors.ts'
import { isOfferId } from '../offers/id/offer-id.ts'
import { cleanText, FIELD_MAX_CHARS, TITLE_MAX_CHARS } from '../offers/text.ts'

/** A JSON object, not yet believed. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The value as an object, or `null`. */
export function asObject(value: unknown): JsonObject | null {
  return isObject(value) ? value : null
}

/** The value as an object. @throws AppError `upstream_changed` that names `path`. */
export function needObject(value: unknown, path: string): JsonObject {
  if (isObject(value)) return value
  throw upstreamChanged(path, 'an object')
}

/** The value as a list. @throws AppError `upstream_changed` that names `path`. */
export function needList(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw upstreamChanged(path, 'a list')
}

/** The value as a list; anything else is an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A whole number between `min` and `max`, from a number or its digits; else `null`. */
export function asInteger(value: unknown, min: number, max = 1e9): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max ? number : null
}

/** A positive number up to `max`, from a number or its digits with a point; else `null`. */
export function asPositive(value: unknown, max: number): number | null {
  const number = typeof value === 'string' && /^\s*\d{1,12}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : value
  return typeof number === 'number' && number > 0 && number <= max ? number : null
}

/** A boolean, from one or from the words "true" and "false"; else `null`. */
export function asBoolean(value: unknown): boolean | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (text === true || text === 'true') return true
  return text === false || text === 'false' ? false : null
}

/** The digits of an id that came as a string or a number; at most 20. */
export function asIdText(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null
  return typeof value === 'string' && /^\s*\d{1,20}\s*$/.test(value) ? value.trim() : null
}

/** An offer's id, see offer-id.ts. */
export function asOfferId(value: unknown): string | null {
  const text = asIdText(value)
  return text !== null && isOfferId(text) ? text : null
}

/** A listing's title, cleaned. */
export function asTitle(value: unknown): string | null {
  return cleanText(value, TITLE_MAX_CHARS)
}

/** Any other text of a listing, cleaned. */
export function asField(value: unknown): string | null {
  return cleanText(value, FIELD_MAX_CHARS)
}

/** An http(s) URL of a picture, at most 500 characters (1688's own have about 100); protocol-relative ones get https. Paths and other schemes are refused. */
export function asPictureUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 500) return null
  const text = value.trim().startsWith('//') ? `https:${value.trim()}` : value.trim()
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' ? url.href : null
}

/**
 * The rows of a page that `parseRow` can read; single ones that it cannot (`null`) are left out.
 * @throws AppError `upstream_changed` that names `path` where it can read none of them.
 */
export function parseRows<T>(rows: readonly unknown[], path: string, parseRow: (row: JsonObject) => T | null): T[] {
  const read = rows.map(row => (isObject(row) ? parseRow(row) : null)).filter(row => row !== null)
  if (rows.length > 0 && read.length === 0) throw upstreamChanged(`${path}[0]`, 'an offer with its id and title')
  return read
}

/** The pictures of a list, see {@link asPictureUrl}. */
export function asPictures(value: unknown): string[] {
  return asList(value)
    .map(asPictureUrl)
    .filter(url => url !== null)
}

/** The error for a body that is not of the documented shape. `path` is ours; nothing of the body is repeated. */
export function upstreamChanged(path: string, expected: string): AppError {
  return new AppError({
    code: 'upstream_changed',
    message: `The upstream answered in an unknown shape: ${path} is not ${expected}.`,
    hint: 'Check that the base URL is right; if it is, the upstream has changed and mcp-1688 needs an update.',
  })
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
