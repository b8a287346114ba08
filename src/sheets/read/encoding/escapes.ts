/** What web pages and programs write for characters, where a sheet has it as text: `&amp;`, `&#26479;`, `\u676f\u5b50`. */

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  yen: '¥',
  euro: '€',
  pound: '£',
  times: '×',
  deg: '°',
}
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,5}));/gi
/** A single one may be part of a path. */
const CODES = /(?:\\u[\da-f]{4}){2,}/gi

export function withoutEscapes(text: string): string {
  if (!text.includes('&') && !text.includes('\\u')) return text
  return text
    .replaceAll(ENTITY, (entity, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity
      const code = Number(decimal ?? `0x${hex}`)
      return code <= 0x10ffff ? String.fromCodePoint(code) : entity
    })
    .replaceAll(CODES, codes =>
      codes.replaceAll(/\\u(.{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    )
}
