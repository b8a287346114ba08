/** Finds out what a JSON-RPC message calls from its beginning, before the rest has arrived. */
import { stringEnd } from './string-end.ts'

/** No method or tool has a longer name. */
const MAX_NAME_BYTES = 64

export interface AnnouncedCall {
  method: string | null
  /** `params.name`. */
  name: string | null
}

/**
 * Reads only what `start` contains, for example not a name that follows the arguments. If a key is repeated, the first
 * counts, whereas `JSON.parse` takes the last: compare the two.
 */
export function announcedCall(start: Uint8Array): AnnouncedCall {
  /** The current key of each object, from the outermost; only two levels matter. */
  const keys: (string | null)[] = []
  let method: string | null = null
  let name: string | null = null
  let depth = 0
  for (let at = 0; at < start.length && (method === null || name === null); at++) {
    const byte = start[at]
    if (byte === 0x7b || byte === 0x5b) keys[depth++] = null
    else if (byte === 0x7d || byte === 0x5d) depth = Math.max(0, depth - 1)
    else if (byte === 0x22) {
      const end = stringEnd(start, at + 1)
      if (end === -1) break
      const text = depth > 2 ? null : shortText(start.subarray(at, end + 1))
      at = end
      if (isKey(start, end + 1)) keys[depth - 1] = text
      else if (depth === 1 && keys[0] === 'method') method ??= text
      else if (depth === 2 && keys[0] === 'params' && keys[1] === 'name') name ??= text
    }
  }
  return { method, name }
}

function shortText(quoted: Uint8Array): string | null {
  if (quoted.length > MAX_NAME_BYTES + 2) return null
  try {
    const text: unknown = JSON.parse(Buffer.from(quoted).toString('utf8'))
    return typeof text === 'string' ? text : null
  } catch {
    return null
  }
}

/** Whether a colon follows. */
function isKey(start: Uint8Array, from: number): boolean {
  let at = from
  while (start[at] === 0x20 || start[at] === 0x09 || start[at] === 0x0a || start[at] === 0x0d) at++
  return start[at] === 0x3a
}
