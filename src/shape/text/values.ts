/** How single values are written: an unknown one is left out of JSON and a dash in text. */

/** The object without its `null` and `undefined` values. */
export function omitUnknown<T extends Record<string, unknown>>(
  object: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const known: { [K in keyof T]?: Exclude<T[K], null | undefined> } = {}
  for (const key in object) {
    const value = object[key]
    if (isKnown(value)) known[key] = value
  }
  return known
}

function isKnown<T>(value: T): value is Exclude<T, null | undefined> {
  return value !== null && value !== undefined
}

export const UNKNOWN = '-'

/** A table cell: a dash for an unknown value, and no column separator in a known one. */
export function cell(value: string | number | undefined): string {
  return value === undefined || value === '' ? UNKNOWN : String(value).replaceAll('|', '/')
}

/** A similarity, to two decimals. */
export function roundedSimilarity(similarity: number | null): number | null {
  return similarity === null ? null : Math.round(similarity * 100) / 100
}

/** `浙江省 金华市`; a city that is its own province is named once. Empty if neither is known. */
export function placeText({
  province,
  city,
}: {
  province?: string | null | undefined
  city?: string | null | undefined
}) {
  return [...new Set([province, city].filter(isKnown))].join(' ')
}

/** The text in at most `maxChars` characters; the last one is an ellipsis if it was cut. */
export function shorten(text: string, maxChars: number): string {
  const characters = [...text]
  return characters.length <= maxChars ? text : `${characters.slice(0, maxChars - 1).join('')}…`
}

/** `0.4666` as `"46.66%"`. */
export function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))}%`
}

/** `"1 offer"`, `"2 offers"`, and `"an unknown number of offers"`. */
export function counted(count: number | undefined, noun: string): string {
  return `${count ?? 'an unknown number of'} ${noun}${count === 1 ? '' : 's'}`
}
