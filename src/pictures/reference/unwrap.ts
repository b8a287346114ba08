/** Takes off what people, terminals and models put around a reference to a picture. */
import { referenceIn } from './reference-object.ts'

/** Blanks and invisible marks: Windows copies a path with U+202A in front, some editors a byte-order mark. */
const EDGES =
  /^[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$/gu

/** Enough for any wrapping; a reference may be a data: URL of megabytes, which no pattern should run over. */
const EDGE_CHARS = 500

const WRAPPINGS: readonly [open: RegExp, close: RegExp][] = [
  [/^`{3,}\w*\s*\n/, /\n\s*`{3,}$/],
  [/^`+/, /`+$/],
  [/^\*{1,3}/, /\*{1,3}$/],
  [/^\\?"/, /\\?"$/],
  [/^\\?'/, /\\?'$/],
  [/^[“”„«»「『‘’‚]/, /[“”«»」』‘’]$/],
  // [![name](picture)](page), ![name](picture "title"), [name](picture)
  [/^\[(?=!\[)/, /\]\([^()\s]*\)$/],
  [/^!?\[[^\]]*\]\(\s*/, /(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)$/],
  [/^!?\[\[/, /(?:\|[^|\]]*)?\]\]$/],
  [/^\[[^\]]+\]:\s*/, /$/],
  [/^(?:[\w-]+\s*:\s*)?url\(\s*/i, /\s*\)\s*;?$/i],
  [/^<(?![a-z]+\s)/i, />$/],
  // "image_url: …", "Path: …"; a blank must follow, unlike in file:…
  [/^\[(?:img|url)[^\]]*\]/i, /\[\/(?:img|url)\]$/i],
  [/^(?:image|picture|photo|file|image_url|url|link|path|src)(?: (?:url|path))?\s*[:=](?:\s+|(?=https?:|data:))/i, /$/],
  [/^(?:src|href|image_url|url)=(?=["'\w])/i, /$/],
]

const MAX_LAYERS = 6

export function unwrap(text: string): string {
  let plain = text.replaceAll(EDGES, '')
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const inner = takeOffOne(plain).replaceAll(EDGES, '')
    if (inner === plain || inner === '') break
    plain = inner
  }
  return plain
}

function takeOffOne(text: string): string {
  const head = text.slice(0, EDGE_CHARS)
  const tail = text.slice(-EDGE_CHARS)
  for (const [open, close] of WRAPPINGS) {
    const before = open.exec(head)?.[0].length
    const after = close.exec(tail)?.[0].length
    if (before === undefined || after === undefined || before + after >= text.length) continue
    return text.slice(before, text.length - after)
  }
  return elementAddress(text) ?? referenceInJson(text) ?? text
}

/** Of `<img src="…">` or `<a href="…">`. */
function elementAddress(text: string): string | undefined {
  const match = /^<(?:img|a|source|link)\s[^>]*?\b(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(text)
  return match?.[1] ?? match?.[2] ?? match?.[3]
}

/** The reference in JSON text. */
function referenceInJson(text: string): string | undefined {
  if (!/^(?:\[\s*["{]|\{\s*")/.test(text)) return undefined
  try {
    return referenceIn(JSON.parse(text))
  } catch {
    return undefined
  }
}
