/** Reads XML as a stream of elements. Prefixes are dropped: writers choose them freely. */
import { SaxesParser } from 'saxes'
import { AppError } from '../../../errors.ts'
import { unreadable } from '../table.ts'
import { type Budget, tooMuch } from './budget.ts'

/** Between two elements: a cell has at most 32,767 characters, an embedded script or comment hardly more. */
const MAX_CHARS_BETWEEN_ELEMENTS = 1_000_000
const MAX_DEPTH = 256
const NO_ATTRIBUTES: Attributes = {}

export type Attributes = Readonly<Record<string, string>>

export interface XmlHandler {
  open(name: string, attributes: Attributes): void
  text?(text: string): void
  close?(name: string): void
}

/**
 * What `handle` emits, while the part is being read.
 * @throws AppError `invalid_input` if the part is not well-formed or beyond the budget.
 */
export async function* parseXml<T>(
  part: AsyncIterable<Uint8Array>,
  budget: Budget,
  handle: (emit: (item: T) => void) => XmlHandler,
): AsyncGenerator<T> {
  let items: T[] = []
  const parser = createParser(
    budget,
    handle(item => items.push(item)),
  )
  for await (const text of decode(part)) {
    parser.write(text)
    yield* items
    items = []
  }
  parser.end()
  yield* items
}

export async function readXml(part: AsyncIterable<Uint8Array>, budget: Budget, handler: XmlHandler): Promise<void> {
  for await (const _ of parseXml(part, budget, () => handler));
}

/** The ID of a relation (`r:id`, `r:embed`), whatever its prefix. */
export function relationId(attributes: Attributes): string | undefined {
  const key = Object.keys(attributes).find(name => /:(?:id|embed)$/.test(name))
  return key === undefined ? undefined : attributes[key]
}

/** `_x000D_` stands for a character that XML cannot hold. */
export function unescapeText(text: string): string {
  return text.includes('_x')
    ? text.replaceAll(/_x([\dA-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
}

function createParser(budget: Budget, handler: XmlHandler): { write(text: string): void; end(): void } {
  const parser = new SaxesParser()
  let depth = 0
  let charsSinceElement = 0
  parser.on('doctype', () => {
    throw unreadable('a damaged spreadsheet (a document type is declared in it)')
  })
  parser.on('opentag', ({ name, attributes }) => {
    budget.elements(1)
    charsSinceElement = 0
    depth += 1
    if (depth > MAX_DEPTH) throw tooMuch(`its elements are nested more than ${MAX_DEPTH} deep`)
    handler.open(localName(name), attributes ?? NO_ATTRIBUTES)
  })
  const { text, close } = handler
  if (text) {
    parser.on('text', text)
    parser.on('cdata', text)
  }
  parser.on('closetag', ({ name }) => {
    charsSinceElement = 0
    depth -= 1
    close?.(localName(name))
  })
  return {
    write: chunk => {
      charsSinceElement += chunk.length
      guarded(() => parser.write(chunk))
      if (charsSinceElement > MAX_CHARS_BETWEEN_ELEMENTS) {
        throw tooMuch(`a text in it has more than ${MAX_CHARS_BETWEEN_ELEMENTS / 1_000_000} million characters`)
      }
    },
    end: () => guarded(() => parser.close()),
  }
}

function guarded(parse: () => void): void {
  try {
    parse()
  } catch (error) {
    throw error instanceof AppError ? error : unreadable('a damaged spreadsheet', error)
  }
}

function localName(name: string): string {
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

async function* decode(part: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let decoder = new TextDecoder()
  let isFirst = true
  for await (const chunk of part) {
    if (isFirst && chunk[0] === 0xff && chunk[1] === 0xfe) decoder = new TextDecoder('utf-16le')
    isFirst = false
    yield decoder.decode(chunk, { stream: true })
  }
}
