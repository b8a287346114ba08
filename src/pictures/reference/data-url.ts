/** Reads base64 data: URLs, also as they look after a JSON string, a form or a terminal mangled them. */
import { formatBytes, tooLarge, wrongMediaType } from '../failures.ts'
import { invalid } from './reference.ts'

export interface DataUrl {
  bytes: Uint8Array
  /** `data:image/png (34 kB)`. */
  label: string
}

const MAX_HEAD_CHARS = 1_000

/** @throws AppError `invalid_input`, or `picture_unreadable` for another kind of file or more than `maxBytes`. */
export function readDataUrl(dataUrl: string, maxBytes: number): DataUrl {
  const head = dataUrl.slice(0, MAX_HEAD_CHARS)
  // Not the first comma: a `name=` parameter may hold one.
  const mark = /;\s*base64\s*(?:,|%2c)/i.exec(head)
  if (!mark) throw invalid('The data: URL is not base64.')
  const mediaType = (/^data:([^,;]*)/i.exec(head)?.[1] ?? '').replaceAll('\\', '').trim()
  const wrong = wrongMediaType(mediaType)
  if (wrong) throw wrong
  const base64 = plainBase64(dataUrl.slice(mark.index + mark[0].length))
  const expectedBytes = Buffer.byteLength(base64, 'base64')
  if (expectedBytes > maxBytes) throw tooLarge(maxBytes)
  const bytes = Buffer.from(base64, 'base64')
  // Node skips invalid characters, which changes the length; matching a pattern on 13 MB would take 0.1 s.
  if (bytes.length !== expectedBytes) throw invalid('The data: URL contains characters that are not base64.')
  const kind = /^image\/[a-z0-9.+-]{1,20}$/i.test(mediaType) ? mediaType.toLowerCase() : ''
  return { bytes, label: `data:${kind} (${formatBytes(bytes.length)})` }
}

/** Each step looks for its character first: copying 13 MB takes longer than finding that nothing is to be done. */
function plainBase64(raw: string): string {
  let text = raw
  if (text.includes('%')) text = percentDecoded(text)
  if (text.includes('\\')) {
    text = text.replaceAll(/\\+u00(2b|2f|3d)/gi, (_escape, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    text = text.replaceAll(/\\+[nrt]/g, '').replaceAll('\\', '')
  }
  text = text.trim()
  if (/[\t\n\v\f\r]/.test(text)) text = text.replaceAll(/ *[\t\n\v\f\r]+ */g, '')
  return /\s/.test(text) ? withoutBlanks(text) : text
}

/** A blank inside a line was a `+` that a form or query string decoded, unless the lines were joined with blanks. */
function withoutBlanks(text: string): string {
  const pieces = text.split(/\s/)
  const folded = pieces.join('')
  const decoded = pieces.join('+')
  if (folded.length % 4 === 0 && decoded.length % 4 !== 0) return folded
  if (decoded.length % 4 === 0 && folded.length % 4 !== 0) return decoded
  const [line = ''] = pieces
  const areLines = line.length % 4 === 0 && pieces.slice(0, -1).every(piece => piece.length === line.length)
  return areLines ? folded : decoded
}

/** Malformed escapes are left for the caller to refuse. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
