/** Finds the main picture that a web page names, in its first 512 kB. The page is hostile. */
import { TextDecoder } from 'node:util'
import { cleanText, TITLE_MAX_CHARS } from '../../offers/text.ts'
import { productPictures } from './json-ld.ts'

export interface PageFindings {
  /** `null` if the page has none. */
  title: string | null
  /** Absolute http(s) URLs, best first; not yet checked. */
  pictures: URL[]
}

/** After unpacking. Pages of shops have their head within the first 100 kB. */
const MAX_PAGE_BYTES = 512_000

/** A deeper page is read no further: the parser's work grows with each open element. */
const MAX_DEPTH = 400

/** How much is parsed before the depth is looked at. */
const STEP_CHARS = 8_192

const MAX_JSON_LD_CHARS = 200_000
const MAX_PICTURES = 3

/** @param url that the page came from. */
export async function readPage(body: AsyncIterable<Uint8Array>, url: URL, contentType: string): Promise<PageFindings> {
  const { Parser } = await import('./html-parser.ts')
  const finder = createFinder(url)
  const parser = new Parser(finder.handlers, { lowerCaseTags: true, lowerCaseAttributeNames: true })
  let decoder: TextDecoder | null = null
  let bytes = 0
  for await (const chunk of body) {
    decoder ??= createDecoder(contentType, chunk)
    const text = decoder.decode(chunk.subarray(0, MAX_PAGE_BYTES - bytes), { stream: true })
    for (let start = 0; start < text.length && !finder.isDone(); start += STEP_CHARS) {
      parser.write(text.slice(start, start + STEP_CHARS))
    }
    bytes += chunk.length
    if (finder.isDone() || bytes >= MAX_PAGE_BYTES) break
  }
  return finder.findings()
}

type Attributes = Readonly<Record<string, string>>

/** Where pages name their picture, best first; JSON-LD comes before all of them. */
const SOURCES = [
  'og:image',
  'og:image:secure_url',
  'og:image:url',
  'twitter:image',
  'twitter:image:src',
  'image_src',
  'image',
]

function createFinder(page: URL) {
  const named = new Map<string, string>()
  const ofProduct: string[] = []
  let base = page
  let depth = 0
  let isHeadOver = false
  let inside: 'title' | 'json-ld' | null = null
  let title = ''
  let json = ''

  const onElement = (name: string, attributes: Attributes): void => {
    const { content, href } = attributes
    if (name === 'meta' && content !== undefined)
      note(attributes.property ?? attributes.name ?? attributes.itemprop, content)
    if (name === 'link' && href !== undefined) note(attributes.rel ?? attributes.itemprop, href)
    if (name === 'base' && href !== undefined && URL.canParse(href, page.href)) base = new URL(href, page)
    if (name === 'title' && title === '') inside = 'title'
    if (name === 'script' && /^application\/ld\+json/i.test(attributes.type?.trim() ?? '')) inside = 'json-ld'
    if (name === 'body') isHeadOver = true
  }
  const note = (key: string | undefined, value: string): void => {
    const name = key?.trim().toLowerCase() ?? ''
    if (!named.has(name) && value.trim() !== '') named.set(name, value.trim())
  }
  const toUrl = (address: string): URL[] => {
    if (!URL.canParse(address, base.href)) return []
    const url = new URL(address, base)
    return url.protocol === 'https:' || url.protocol === 'http:' ? [url] : []
  }
  const pictures = (): URL[] => {
    const addresses = [
      ...ofProduct,
      ...SOURCES.map(source => named.get(source) ?? '').filter(address => address !== ''),
    ]
    const unique = new Map(addresses.flatMap(toUrl).map(url => [url.href, url]))
    return [...unique.values()].slice(0, MAX_PICTURES)
  }

  return {
    handlers: {
      onopentag(name: string, attributes: Attributes) {
        depth += 1
        onElement(name, attributes)
      },
      ontext(text: string) {
        if (inside === 'title') title = (title + text).slice(0, 4 * TITLE_MAX_CHARS)
        if (inside === 'json-ld' && json.length <= MAX_JSON_LD_CHARS) json += text
      },
      onclosetag(name: string) {
        depth -= 1
        if (name === 'head') isHeadOver = true
        if (inside === 'json-ld' && name === 'script' && json.length <= MAX_JSON_LD_CHARS)
          ofProduct.push(...productPictures(json))
        if (name === 'script') json = ''
        if (name === 'script' || name === 'title') inside = null
      },
    },
    isDone: () => depth > MAX_DEPTH || (isHeadOver && pictures().length > 0),
    findings: (): PageFindings => ({
      title: cleanText(named.get('og:title') ?? title, TITLE_MAX_CHARS),
      pictures: pictures(),
    }),
  }
}

/** By the header, or else by what the page says of itself; old pages of Taobao and 1688 are in GBK. */
function createDecoder(contentType: string, head: Uint8Array): TextDecoder {
  const declared = /charset\s*=\s*["']?([\w-]+)/i
  const start = Buffer.from(head.subarray(0, 2_048)).toString('latin1')
  const label = declared.exec(contentType)?.[1] ?? declared.exec(start)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder()
  }
}
