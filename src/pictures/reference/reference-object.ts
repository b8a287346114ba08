/** Finds the reference in the objects that clients wrap pictures and offers in. */

const MAX_DEPTH = 4

/** Where the objects of OpenAI, Anthropic, MCP, hosts and our own replies have the reference, in this order. */
const KEYS = [
  'offer_id',
  'image_url',
  'url',
  'uri',
  'download_url',
  'source',
  'resource',
  'data',
  'blob',
  'path',
  'file',
  'href',
  'src',
]

/**
 * The text of `["…"]`, `{"url": "…"}`, `{"type": "image_url", "image_url": {"url": "…"}}`, or of bytes with their media
 * type; `undefined` for anything else.
 */
export function referenceIn(value: unknown, depth = 0): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return undefined
  const fields: [string, unknown][] = Object.entries(value)
  const [[, only] = [], ...others] = fields
  if (others.length === 0) return referenceIn(only, depth + 1)
  if (Array.isArray(value)) return undefined
  const record = Object.fromEntries(fields)
  const found = KEYS.find(key => record[key] !== undefined)
  const mediaType = record.mimeType ?? record.media_type ?? record.mime_type
  const reference = found === undefined ? undefined : referenceIn(record[found], depth + 1)
  const isBytes =
    (found === 'data' || found === 'blob') && typeof mediaType === 'string' && !reference?.startsWith('data:')
  return isBytes && reference !== undefined ? `data:${mediaType};base64,${reference}` : reference
}
