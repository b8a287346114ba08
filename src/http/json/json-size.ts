/** Measures JSON before it is parsed: `JSON.parse` blocks the process, and some bodies take it a thousand times as long. */
import { stringEnd } from './string-end.ts'

export interface JsonSize {
  /** Nesting of objects and arrays. */
  depth: number
  /** Members of objects, duplicates included. */
  keys: number
  /** Objects, arrays and what they contain; an empty one counts twice. */
  values: number
  longStrings: number
  /** Bytes outside of long strings. */
  otherBytes: number
}

/** Keys and values whose text is longer than this, in bytes. */
export const LONG_STRING_BYTES = 32 * 1024

/**
 * Stops at the first limit that is exceeded. Never counts less than `JSON.parse` makes of the same bytes; says nothing
 * about bytes that are not JSON.
 */
export function measureJson(json: Uint8Array, limits: JsonSize): { size: JsonSize; exceeded: keyof JsonSize | null } {
  const size: JsonSize = { depth: 0, keys: 0, values: 1, longStrings: 0, otherBytes: json.length }
  let depth = 0
  const result = (exceeded: keyof JsonSize | null) => ({ size, exceeded })
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case 0x22: {
        const end = stringEnd(json, at + 1)
        const length = (end === -1 ? json.length : end) - at - 1
        at += length + 1
        if (length <= LONG_STRING_BYTES) break
        size.otherBytes -= length
        if (++size.longStrings > limits.longStrings) return result('longStrings')
        break
      }
      case 0x7b:
      case 0x5b:
        size.depth = Math.max(size.depth, ++depth)
        size.values++
        if (depth > limits.depth) return result('depth')
        if (size.values > limits.values) return result('values')
        break
      case 0x7d:
      case 0x5d:
        depth--
        break
      case 0x2c:
        if (++size.values > limits.values) return result('values')
        break
      case 0x3a:
        if (++size.keys > limits.keys) return result('keys')
    }
  }
  return result(size.otherBytes > limits.otherBytes ? 'otherBytes' : null)
}
