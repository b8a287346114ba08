/** How single values are written: unknown is a key left out of JSON and a dash in text. */

/** The object without its unknown (`null`, `undefined`) values. */
export function known<T extends Record<string, unknown>>(
  object: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const entries = Object.entries(object).filter(([, value]) => value !== null && value !== undefined)
  const result: { [K in keyof T]?: Exclude<T[K], null | undefined> } = {}
  return Object.assign(result, Object.fromEntries(entries))
}

/** What stands for unknown in text. */
export const UNKNOWN = '-'

/** A table cell: a dash for unknown; the column mark cannot appear inside. */
export function cell(value: string | undefined): string {
  return value === undefined || value === '' ? UNKNOWN : value.replaceAll('|', '/')
}

/** The text, cut at `maxChars` characters with an ellipsis as the last. */
export function shorten(text: string, maxChars: number): string {
  const characters = [...text]
  return characters.length <= maxChars ? text : `${characters.slice(0, maxChars - 1).join('')}…`
}

/** A part of 1 as percent: `"46.66 %"`. */
export function percent(part: number): string {
  return `${Number((part * 100).toFixed(2))} %`
}
