/** Reads JSON from the host: unexpected values become `null`, and nothing throws. */

export type Json = Readonly<Record<string, unknown>>

/** The value as an object; an empty one if it is something else. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {}
}

/** The objects among an array's items; empty for anything but an array. */
export function asObjects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A text that is not empty, or `null`. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The texts among an array's items; empty for anything but an array. */
export function asTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(asText).filter(text => text !== null) : []
}

/** A finite number, or `null`. */
export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
