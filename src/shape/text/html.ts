/** An HTML template that escapes every inserted text, so that listing text stays text. */

export class Html {
  readonly markup: string

  /** @param markup must not contain third-party text. */
  constructor(markup: string) {
    this.markup = markup
  }
}

/** Text and numbers are escaped, markup is inserted as it is, and `null` inserts nothing. */
export type Insert = string | number | Html | null | readonly Insert[]

/** Attribute values must be in double quotes. */
export function html(strings: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  return new Html(strings.map((text, index) => text + toMarkup(inserts[index] ?? null)).join(''))
}

function toMarkup(insert: Insert): string {
  if (insert === null) return ''
  if (insert instanceof Html) return insert.markup
  if (typeof insert === 'object') return insert.map(toMarkup).join('')
  return String(insert).replaceAll(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`)
}
