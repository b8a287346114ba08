/** JSON that others sent, before any schema has checked it. */

/** `undefined` for what is not JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Empty for anything but an object. */
export function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
